import { randomUUID } from 'node:crypto';

/** What the pretend cloud answers. `hang` and `reset` are no answers. */
export type Reply =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body: string }
  | 'hang'
  | 'reset';

export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

/** The form of all errors of Graph, as recorded from live tenants. */
export function graphError(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  const requestId = randomUUID();
  const innerError = { date: new Date().toISOString().slice(0, 19), 'request-id': requestId };
  return json(status, { error: { code, message, innerError } }, { 'request-id': requestId, ...headers });
}

/** The form of all errors of Defender for Endpoint; `target` is what its support asks for. */
export function defenderError(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return json(status, { error: { code, message, target: randomUUID() } }, headers);
}

/** Defender answers so what it does not have, and methods that it does not know. */
export const emptyReply = (status: 404 | 405): Reply => ({ status, body: '' });

/** The form of all errors of the Entra token endpoint. */
export function entraError(status: number, error: string, number: number, sentence: string, now: Date): Reply {
  const [trace, correlation] = [randomUUID(), randomUUID()];
  const timestamp = now
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z/, 'Z');
  return json(status, {
    error,
    error_description: `AADSTS${number}: ${sentence} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
    error_codes: [number],
    timestamp,
    trace_id: trace,
    correlation_id: correlation,
    error_uri: `https://login.microsoftonline.com/error?code=${number}`,
  });
}

export function html(status: number, title: string): Reply {
  const body = `<html><head><title>${status} ${title}</title></head><body><h1>${title}</h1></body></html>`;
  return { status, headers: { 'content-type': 'text/html' }, body };
}

export const retryAfter = (seconds: number | null): Record<string, string> =>
  seconds === null ? {} : { 'retry-after': String(seconds) };
