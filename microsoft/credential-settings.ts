import { readFileSync } from 'node:fs';
import type { Credential } from './credentials.js';

/** Reads files anew at each call, so that they rotate without a restart. */
export type CredentialReader = () => Credential;

type Kind = 'SECRET' | 'SECRET_FILE' | 'CERTIFICATE_FILE' | 'CERTIFICATE_KEY_FILE' | 'FEDERATED_TOKEN_FILE';
type Prefix = 'MICROSOFT_APP' | 'READER_APP';
type Settings = { readonly [Name in `${Prefix}_${Kind}`]?: string | undefined };

/** The one credential that `<prefix>_...` variables name. Null when there is none to be had: `faults` then says why. */
export function credentialReader(settings: Settings, prefix: Prefix, faults: string[]): CredentialReader | null {
  const given = (kind: Kind) => settings[`${prefix}_${kind}`];
  const file = (kind: Kind, path: string) => fileReader(`${prefix}_${kind}`, path, faults);
  const [secret, secretFile, federated] = [given('SECRET'), given('SECRET_FILE'), given('FEDERATED_TOKEN_FILE')];
  const [certificate, key] = [given('CERTIFICATE_FILE'), given('CERTIFICATE_KEY_FILE')];
  const ways = [secret, secretFile, certificate ?? key, federated].filter((way) => way !== undefined).length;
  if (ways !== 1) {
    faults.push(
      `${prefix}: give exactly one of ${prefix}_SECRET, ${prefix}_SECRET_FILE, ${prefix}_CERTIFICATE_FILE with ${prefix}_CERTIFICATE_KEY_FILE, ${prefix}_FEDERATED_TOKEN_FILE (found ${ways})`,
    );
    return null;
  }
  if (secret) return () => ({ kind: 'secret', secret });
  if (secretFile) {
    const read = file('SECRET_FILE', secretFile);
    return () => ({ kind: 'secret', secret: read() });
  }
  if (federated) {
    file('FEDERATED_TOKEN_FILE', federated);
    return () => ({ kind: 'federated', assertionFile: federated });
  }
  if (!certificate || !key) {
    faults.push(`${prefix}_CERTIFICATE_FILE and ${prefix}_CERTIFICATE_KEY_FILE belong together: one is missing`);
    return null;
  }
  const readCertificate = file('CERTIFICATE_FILE', certificate);
  const readPrivateKey = file('CERTIFICATE_KEY_FILE', key);
  return () => ({ kind: 'certificate', certificate: readCertificate(), privateKey: readPrivateKey() });
}

/** A file that cannot be read is a fault at start, not at the first alert. */
function fileReader(name: string, path: string, faults: string[]): () => string {
  const read = () => readFileSync(path, 'utf8').trim();
  try {
    if (read() === '') faults.push(`${name} names an empty file: ${path}`);
  } catch {
    faults.push(`${name} names a file that cannot be read: ${path}`);
  }
  return read;
}
