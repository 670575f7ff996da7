import { AuthError } from '@azure/msal-node';
import type { TenantConnection } from '../domain/alerts/alert-source.js';
import { SourceError } from '../domain/alerts/alert-source.js';
import type { MicrosoftCloud } from './cloud.js';
import { CredentialFault } from './credentials.js';
import { storable } from './text.js';

/** Carries a fault through MSAL, which passes on nothing but its own errors. */
export class CarriedFault extends AuthError {
  constructor(readonly fault: SourceError) {
    super('carried_fault', '', fault.message);
    Object.setPrototypeOf(this, CarriedFault.prototype);
  }
}

export interface TokenRequest {
  readonly cloud: MicrosoftCloud;
  readonly connection: TenantConnection;
  readonly clientId: string;
}

type Sentence = (request: TokenRequest) => string;

/** Where an administrator of the customer grants the app its permissions. */
export function consentUrl({ cloud, connection, clientId }: TokenRequest): string {
  const query = new URLSearchParams({ client_id: clientId });
  return `https://${cloud.loginHost}/${encodeURIComponent(connection.entraTenantId)}/adminconsent?${query.toString()}`;
}

const noConsent: Sentence = (request) =>
  `App ${request.clientId} has no consent in Entra tenant ${request.connection.entraTenantId}. ` +
  `An administrator of that tenant grants it at ${consentUrl(request)}.`;
const noSuchTenant: Sentence = ({ connection }) =>
  `Entra tenant ${connection.entraTenantId} does not exist. Correct the tenant's Entra id.`;
const wrongAssertion: Sentence = ({ clientId }) =>
  `The certificate or federated credential is not registered for app ${clientId}. ` +
  'Add it in Entra ID, App registrations, Certificates & secrets.';

/** Numbers of Entra (AADSTS) that a person has to mend. */
const onHold: ReadonlyMap<number, Sentence> = new Map<number, Sentence>([
  [700016, noConsent],
  [7000229, noConsent],
  [65001, noConsent],
  [500011, noConsent],
  [90002, noSuchTenant],
  [900023, noSuchTenant],
  [7000222, ({ clientId }) => `The client secret of app ${clientId} has expired. Create a new one and configure it.`],
  [
    7000215,
    ({ clientId }) =>
      `The client secret configured for app ${clientId} is wrong. Configure the secret's value, not its id, of a secret that exists.`,
  ],
  [7000112, ({ clientId }) => `App ${clientId} is disabled. Enable it in Entra ID, Enterprise applications.`],
  [700027, wrongAssertion],
  [70021, wrongAssertion],
  [700211, wrongAssertion],
  [700212, wrongAssertion],
  [700213, wrongAssertion],
  [700024, () => 'The assertion sent to Entra is outside its time of validity. Check the clock of this machine.'],
]);

/** Refusals that another credential of the same app may pass. */
const ofThisCredential = new Set([7000222, 7000215, 700027, 70021, 700211, 700212, 700213, 700024]);

export function mayPassWithAnother(error: unknown): boolean {
  const number = entraNumber(error);
  return number === null ? isUnusable(error) : ofThisCredential.has(number);
}

/** What MSAL threw, in the port's words. Refusals are for a person, everything else may pass by itself. */
export function tokenFault(error: unknown, request: TokenRequest): SourceError {
  if (error instanceof SourceError) return error;
  if (error instanceof CarriedFault) return error.fault;
  if (isUnusable(error)) {
    return new SourceError('on_hold', `The credential of app ${request.clientId} cannot be used: ${error.message}.`);
  }
  if (!(error instanceof AuthError)) throw error;
  const number = entraNumber(error);
  const sentence = number === null ? undefined : onHold.get(number);
  if (sentence) return new SourceError('on_hold', `${sentence(request)} (AADSTS${number})`);
  const said = storable(error.errorMessage, 300);
  if (isTransient(error, number)) return new SourceError('unavailable', `Entra gave no token: ${said}`);
  return new SourceError(
    'on_hold',
    `Entra refuses app ${request.clientId} a token for tenant ${request.connection.entraTenantId}: ${error.errorCode}, ${said}`,
  );
}

/** A certificate that is no PEM, a key that does not fit, an assertion file that is not there: Node gives these a code. */
function isUnusable(error: unknown): error is Error {
  if (error instanceof CredentialFault) return true;
  return error instanceof Error && !(error instanceof AuthError) && 'code' in error;
}

/** 90033 and 90024: "a transient error has occurred, please try again". */
function isTransient(error: AuthError, number: number | null): boolean {
  return number === 90033 || number === 90024 || error.errorCode === 'temporarily_unavailable';
}

function entraNumber(error: unknown): number | null {
  if (!(error instanceof AuthError)) return null;
  const given = 'errorNo' in error ? Number(error.errorNo) : NaN;
  if (Number.isInteger(given)) return given;
  const written = /AADSTS(\d{5,7})/.exec(error.errorMessage)?.[1];
  return written === undefined ? null : Number(written);
}
