import { z } from 'zod';
import { certificateOf, checked, contentOf } from './credential-files.js';
import type { Credential } from './credentials.js';

/** The applications that prove themselves to Entra: the bot, the one that reads, the one that acts. */
const prefixes = ['MICROSOFT_APP', 'READER_APP', 'ACTOR_APP'] as const;
export type AppPrefix = (typeof prefixes)[number];

const kinds = [
  'SECRET',
  'SECRET_FILE',
  'SECRET_EXPIRES',
  'CERTIFICATE_FILE',
  'CERTIFICATE_KEY_FILE',
  'FEDERATED_TOKEN_FILE',
] as const;
type Kind = (typeof kinds)[number];
/** The end of the variables of an app's first and second credential. */
const places = ['', '_2'] as const;
type Place = (typeof places)[number];
type Name = `${AppPrefix}_${Kind}${Place}`;
export type CredentialSettings = { readonly [One in Name]?: string | undefined };

const text = z.string().trim().min(1, 'is empty: give it a value or remove the line');
const mayBeDate = (value: string) => /^\d{4}-\d{2}-\d{2}(T|$)/.test(value) && !Number.isNaN(Date.parse(value));
const date = text.refine(mayBeDate, 'must be a date such as 2027-03-31');

/** The variables of all credentials, for the schema of the environment. */
export const credentialVariables = Object.fromEntries(
  prefixes.flatMap((prefix) =>
    places.flatMap((place) =>
      kinds.map((kind) => [`${prefix}_${kind}${place}`, (kind === 'SECRET_EXPIRES' ? date : text).optional()]),
    ),
  ),
) as Record<Name, z.ZodOptional<z.ZodString>>;

/** An app's credentials in the order of their places. Reads files anew at each call, so that they rotate without a restart. */
export type CredentialReader = () => readonly [Credential, ...Credential[]];

/** The one or two credentials that `<prefix>_...` variables name. Null when there is none to be had: `faults` says why. */
export function credentialReader(
  settings: CredentialSettings,
  prefix: AppPrefix,
  faults: string[],
): CredentialReader | null {
  const has = (place: Place) => kinds.some((kind) => settings[`${prefix}_${kind}${place}`] !== undefined);
  const first = readerAt(settings, prefix, '', faults);
  const second = has('_2') ? readerAt(settings, prefix, '_2', faults) : null;
  if (!first) return null;
  return second ? () => [first(), second()] : () => [first()];
}

/** Values of secrets that stand in the environment itself. */
export function givenSecrets(settings: CredentialSettings): string[] {
  return prefixes.flatMap((prefix) => places.flatMap((place) => settings[`${prefix}_SECRET${place}`] ?? []));
}

function readerAt(
  settings: CredentialSettings,
  prefix: AppPrefix,
  place: Place,
  faults: string[],
): (() => Credential) | null {
  const given = (kind: Kind) => settings[`${prefix}_${kind}${place}`];
  const name = (kind: Kind) => `${prefix}_${kind}${place}`;
  const [secret, secretFile, federated] = [given('SECRET'), given('SECRET_FILE'), given('FEDERATED_TOKEN_FILE')];
  const [certificate, key] = [given('CERTIFICATE_FILE'), given('CERTIFICATE_KEY_FILE')];
  const ways = [secret, secretFile, certificate ?? key, federated].filter((way) => way !== undefined).length;
  if (ways !== 1) {
    faults.push(
      `${prefix}: give exactly one of ${name('SECRET')}, ${name('SECRET_FILE')}, ${name('CERTIFICATE_FILE')} with ${name('CERTIFICATE_KEY_FILE')}, ${name('FEDERATED_TOKEN_FILE')} (found ${ways})`,
    );
    return null;
  }
  const expires = given('SECRET_EXPIRES');
  if (expires && !secret && !secretFile)
    faults.push(`${name('SECRET_EXPIRES')} is for secrets only: a certificate says itself when it ends`);
  const end = expires ? { expiresAt: new Date(expires) } : {};
  if (secret) return () => ({ kind: 'secret', secret, ...end });
  if (secretFile)
    return checked(faults, () => ({ kind: 'secret', secret: contentOf(name('SECRET_FILE'), secretFile), ...end }));
  if (federated)
    return checked(faults, () => {
      contentOf(name('FEDERATED_TOKEN_FILE'), federated);
      return { kind: 'federated', assertionFile: federated };
    });
  if (certificate && key)
    return checked(faults, () => ({
      kind: 'certificate',
      ...certificateOf(name('CERTIFICATE_FILE'), certificate),
      privateKey: contentOf(name('CERTIFICATE_KEY_FILE'), key),
    }));
  faults.push(`${name('CERTIFICATE_FILE')} and ${name('CERTIFICATE_KEY_FILE')} belong together: one is missing`);
  return null;
}
