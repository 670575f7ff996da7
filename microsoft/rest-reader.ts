import type { TenantConnection } from '../domain/alerts/alert-source.js';
import { SourceError } from '../domain/alerts/alert-source.js';
import type { Limits } from './http.js';
import type { RestApi } from './rest-api.js';
import { attempt } from './rest-attempt.js';
import type { Attempt } from './rest-attempt.js';
import { isBrokenToken, restFault } from './rest-faults.js';
import type { RestOptions } from './rest.js';

/** What is read, and the application permission that reading it needs. */
export interface RestRead {
  readonly connection: TenantConnection;
  /** A path below the version with its query, or a link that the API gave. */
  readonly target: string;
  readonly permission: string;
  readonly signal: AbortSignal;
  /** True when a person waits for it. */
  readonly urgent?: boolean | undefined;
  /** True when 404 is an answer: it then comes with the body null. */
  readonly mayBeAbsent?: boolean | undefined;
  /** Instead of the client's own. */
  readonly limits?: Limits | undefined;
}

export interface RestBody {
  readonly status: number;
  /** The Warning header of a partial answer (HTTP 206). */
  readonly warning: string | null;
  readonly body: unknown;
}

/** Throws SourceError, or the reason of the signal. */
export interface RestReader {
  (read: RestRead): Promise<RestBody>;
  readonly api: RestApi;
}

/** Reads of one API: repeated when that may help, with a new token once when the API refuses the one it got. */
export function createRestReader(options: RestOptions, api: RestApi): RestReader {
  const read = async (asked: RestRead): Promise<RestBody> => {
    const first = await attempt(options, api, asked);
    if (!isBroken(api, first)) return bodyOf(first, options, api, asked);
    options.log.info({ tenantId: asked.connection.tenantId }, `${api.name} refused the token, asking for a new one`);
    options.tokens.refuse(asked.connection, api.scope, first.token);
    return bodyOf(await attempt(options, api, asked), options, api, asked);
  };
  return Object.assign(read, { api });
}

const isBroken = (api: RestApi, { status, body }: Attempt) =>
  status === 401 && isBrokenToken(api, status, body.toString('utf8'));

function bodyOf(attempted: Attempt, { cloud }: RestOptions, api: RestApi, read: RestRead): RestBody {
  const { status, headers, body } = attempted;
  const warning = headers.get('warning');
  if (status === 404 && read.mayBeAbsent) return { status, warning, body: null };
  if (status < 200 || status >= 300) {
    const { permission, connection } = read;
    throw restFault({ status, headers, text: body.toString('utf8') }, { api, permission, connection, cloud });
  }
  return { status, warning, body: parseJson(api, body) };
}

/** The text of a large page lives no longer than its parsing. */
function parseJson(api: RestApi, body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    const size = `${body.length} bytes`;
    throw new SourceError('protocol', `${api.name} answered with something that is not JSON (${size}).`);
  }
}
