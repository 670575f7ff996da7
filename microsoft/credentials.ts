import { createHash, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { NodeAuthOptions } from '@azure/msal-node';
import type { TenantConnection } from '../domain/alerts/alert-source.js';

/** How the app proves itself to Entra. Values, never names of environment variables. */
export type Credential =
  | { readonly kind: 'secret'; readonly secret: string; readonly expiresAt?: Date }
  | {
      readonly kind: 'certificate';
      /** PEM, the leaf certificate first. */
      readonly certificate: string;
      /** PEM, PKCS#8, not encrypted. */
      readonly privateKey: string;
      readonly expiresAt?: Date;
    }
  /** A workload identity: the file holds a signed assertion that its platform renews. */
  | { readonly kind: 'federated'; readonly assertionFile: string; readonly expiresAt?: Date }
  /** A file that was there at the start cannot be used now; `fault` names it. */
  | { readonly kind: 'unusable'; readonly fault: string; readonly expiresAt?: Date };

/** A credential that proves nothing; Entra is not even asked. */
export class CredentialFault extends Error {
  override readonly name = 'CredentialFault';
}

export interface AppCredentials {
  readonly clientId: string;
  /** Tried in order; those past `expiresAt` last. */
  readonly credentials: readonly Credential[];
}

/** Called for every token, so that a rotated secret is seen without a restart. */
export type CredentialSource = (connection: TenantConnection) => AppCredentials | Promise<AppCredentials>;

/** An application with one secret that never changes, as in the pretend cloud. */
export function ofSecret({
  clientId,
  secret,
}: {
  readonly clientId: string;
  readonly secret: string;
}): CredentialSource {
  return () => ({ clientId, credentials: [{ kind: 'secret', secret }] });
}

/** Credentials in the order to try them at `now`. */
export function inOrderOfTrial(credentials: readonly Credential[], now: Date): readonly Credential[] {
  const expired = (credential: Credential) => credential.expiresAt !== undefined && credential.expiresAt <= now;
  return [...credentials.filter((one) => !expired(one)), ...credentials.filter(expired)];
}

/** Tells two credentials apart without keeping either. */
export function fingerprint(credential: Credential): string {
  const { expiresAt: _, ...rest } = credential;
  return createHash('sha256').update(JSON.stringify(rest)).digest('base64url');
}

/** MSAL's form of a credential; the assertion file is read at each request for a token. Throws CredentialFault. */
export function msalCredential(credential: Credential): Partial<NodeAuthOptions> {
  switch (credential.kind) {
    case 'secret':
      return { clientSecret: credential.secret };
    case 'certificate':
      return {
        clientCertificate: {
          thumbprintSha256: new X509Certificate(credential.certificate).fingerprint256.replaceAll(':', ''),
          privateKey: credential.privateKey,
          x5c: credential.certificate,
        },
      };
    case 'federated':
      return { clientAssertion: async () => (await readFile(credential.assertionFile, 'utf8')).trim() };
    case 'unusable':
      throw new CredentialFault(credential.fault);
  }
}
