import { randomBytes } from 'node:crypto';
import type { Next, Request, Response, Server } from 'restify';
import { describeFault } from './errors.js';

/** Bytes of a request body. */
export const MAX_BODY = 256 * 1024;

const CORRELATION = 'x-correlation-id';

/** Long enough for a slow phone network, short enough that idle attackers hold nothing; proxies keep 60 s. */
export function setTimeouts(server: Server): void {
  const node = server.server;
  node.headersTimeout = 10_000;
  node.requestTimeout = 30_000;
  node.keepAliveTimeout = 65_000;
}

/** One id for the request, in our log and in the answer; the sender's own is not trusted to be one. */
export function identify(_request: Request, response: Response, next: Next): void {
  response.setHeader(CORRELATION, randomBytes(8).toString('hex'));
  next();
}

export function correlationId(response: Response): string {
  return String(response.getHeader(CORRELATION));
}

/** Refused before a byte is read: a small packed body may unpack to a very large one. */
export function refuseLargeOrPacked(request: Request, response: Response, next: Next): void {
  const packed = request.headers['content-encoding'] !== undefined;
  const large = Number(request.headers['content-length'] ?? 0) > MAX_BODY;
  if (!packed && !large) return next();
  response.setHeader('connection', 'close');
  const { status, sentence } = describeFault({ statusCode: packed ? 415 : 413 });
  response.json(status, { error: sentence });
  next(false);
}
