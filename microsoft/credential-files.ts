import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Credential } from './credentials.js';

/** A file that holds no proof; the message names the variable and the file. */
class FileFault extends Error {
  override readonly name = 'FileFault';
}

/**
 * Makes a reader of what can fail into one that cannot: at start the failure is told in `faults`, later it is a fault of this
 * credential, so that the app's other one is tried.
 */
export function checked(faults: string[], readOne: () => Credential): () => Credential {
  const readNow = (): Credential => {
    try {
      return readOne();
    } catch (error) {
      if (!(error instanceof FileFault)) throw error;
      return { kind: 'unusable', fault: error.message };
    }
  };
  const now = readNow();
  if (now.kind === 'unusable') faults.push(now.fault);
  return readNow;
}

/** The trimmed content of the file that variable `name` names. Throws FileFault. */
export function contentOf(name: string, path: string): string {
  let content: string;
  try {
    content = readFileSync(path, 'utf8').trim();
  } catch {
    throw new FileFault(`${name} names a file that cannot be read: ${path}`);
  }
  if (content === '') throw new FileFault(`${name} names an empty file: ${path}`);
  return content;
}

/** A PEM file, and the end of the leaf certificate in it. Throws FileFault. */
export function certificateOf(name: string, path: string): { certificate: string; expiresAt: Date } {
  const certificate = contentOf(name, path);
  try {
    return { certificate, expiresAt: new Date(new X509Certificate(certificate).validTo) };
  } catch {
    throw new FileFault(`${name} names a file that holds no certificate (PEM): ${path}`);
  }
}
