import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from 'restify';
import type { First } from './mount.js';

const ownNames: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Refuses what a page of another site makes the browser on this machine send: rebound names by Host, the others by Origin,
 * which browsers set on every POST. For local mode, where nobody is verified.
 */
export function refuseForeignPages(server: Server): void {
  const first: First = (request, response) => {
    if (!isForeign(request)) return true;
    refuse(response);
    return false;
  };
  // restify's types leave `first` out.
  (server as Server & { first(chain: First): void }).first(first);
}

function isForeign({ headers }: IncomingMessage): boolean {
  const host = headers.host ?? '';
  const name = host.replace(/:\d+$/, '').toLowerCase();
  return !ownNames.has(name) || (headers.origin !== undefined && headers.origin !== `http://${host}`);
}

function refuse(response: ServerResponse): void {
  response.writeHead(403, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify({ error: 'Local mode answers to this machine and its own page only.' }));
}
