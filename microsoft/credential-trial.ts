import { CredentialFault, inOrderOfTrial } from './credentials.js';
import type { Credential } from './credentials.js';
import { mayPassWithAnother } from './token-faults.js';

/**
 * The result of the first credential that Entra accepts; those past their end come last. Rejects with the fault of the last
 * one tried; `refused` is told of each one before it.
 */
export async function withAnyCredential<T>(
  credentials: readonly Credential[],
  attempt: (credential: Credential) => Promise<T>,
  refused: (credential: Credential, error: unknown) => void = () => undefined,
): Promise<T> {
  const trials = inOrderOfTrial(credentials, new Date());
  for (const [index, credential] of trials.entries()) {
    try {
      return await attempt(credential);
    } catch (error) {
      if (index === trials.length - 1 || !mayPassWithAnother(error)) throw error;
      refused(credential, error);
    }
  }
  throw new CredentialFault('No credential is configured');
}
