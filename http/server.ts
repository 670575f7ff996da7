import type { IncomingHttpHeaders } from 'node:http';
import restify from 'restify';
import type { Request, Response, Server } from 'restify';
import { drain } from './drain.js';
import { describeFault } from './errors.js';
import { refuseForeignPages } from './foreign-pages.js';
import { MAX_BODY, correlationId, identify, refuseLargeOrPacked, setTimeouts } from './guard.js';
import { serveMounts } from './mount.js';
import type { Mount } from './mount.js';
import { answerProbe } from './probe.js';
import type { Probe } from './probe.js';
import { mendWriteHead } from './write-head.js';

mendWriteHead();

export interface HttpLog {
  debug(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface MessageRequest {
  readonly headers: IncomingHttpHeaders;
  /** Parsed JSON; untrusted. Undefined or text when it was not JSON. */
  readonly body: unknown;
  readonly correlationId: string;
}

export interface MessageAnswer {
  readonly status: number;
  readonly body?: unknown;
}

export interface HttpParts {
  /** Activities of Teams, verified by the handler itself. */
  readonly messages: (request: MessageRequest) => Promise<MessageAnswer>;
  /** Is the process alive? Answered with 503 when not. */
  readonly health: Probe;
  /** May work be sent to it? */
  readonly readiness: Probe;
  readonly mounts?: readonly Mount[];
  /** Local mode, where nobody is verified: pages of other sites get nothing, whatever they ask for. Default false. */
  readonly ownPagesOnly?: boolean;
  readonly log: HttpLog;
}

export interface HttpServer {
  /** Resolves to the port it listens on; rejects when the port is taken. */
  listen(port: number, host: string): Promise<number>;
  /** Takes no new request, gives running ones up to `graceMs` (default 5,000), then ends every connection. */
  close(graceMs?: number): Promise<void>;
}

/** The only door of the process. */
export function createHttpServer(parts: HttpParts): HttpServer {
  const server = restify.createServer({ name: '', strictFormatters: false });
  setTimeouts(server);
  if (parts.ownPagesOnly) refuseForeignPages(server);
  serveMounts(server, parts.mounts ?? [], parts.log);
  server.pre(identify);
  server.pre(refuseLargeOrPacked);
  server.on('restifyError', (request: Request, response: Response, fault: unknown, done: () => void) => {
    answerFault(parts.log, request, response, fault);
    done();
  });
  server.get('/healthz', async (_, response) => answerProbe(response, parts.health));
  server.get('/readyz', async (_, response) => answerProbe(response, parts.readiness));
  // restify's types leave maxBodySize out of the JSON parser's options.
  const json = restify.plugins.jsonBodyParser({ mapParams: false, maxBodySize: MAX_BODY } as object);
  server.post('/api/messages', json, async (request, response) => answerMessage(parts, request, response));
  return { listen: (port, host) => listen(server, port, host), close: (graceMs) => drain(server, graceMs) };
}

async function answerMessage(parts: HttpParts, request: Request, response: Response): Promise<void> {
  const answer = await parts.messages({
    headers: request.headers,
    body: request.body as unknown,
    correlationId: correlationId(response),
  });
  if (answer.body === undefined) response.send(answer.status);
  else response.json(answer.status, answer.body);
}

function answerFault(log: HttpLog, request: Request, response: Response, fault: unknown): void {
  const { status, sentence } = describeFault(fault);
  const reference = correlationId(response);
  const fields = { correlationId: reference, status, path: request.path() };
  if (status >= 500) log.error({ err: fault, ...fields }, 'A request failed');
  else log.debug(fields, 'A request was refused');
  if (response.headersSent) return;
  response.json(status, { error: status >= 500 ? `${sentence} Reference ${reference}.` : sentence });
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    // restify hands errors of the socket on to itself.
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve(server.address().port);
    });
  });
}
