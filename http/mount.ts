import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from 'restify';
import type { HttpLog } from './server.js';

/** A part of the address space that somebody else serves whole, with node's own request and response. */
export interface Mount {
  matches(url: string): boolean;
  handle(request: IncomingMessage, response: ServerResponse): void | Promise<void>;
}

export type First = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Before restify touches the request, which then does not count as one that drain() waits for. */
export function serveMounts(server: Server, mounts: readonly Mount[], log: HttpLog): void {
  const first: First = (request, response) => {
    const found = mounts.find((one) => one.matches(request.url ?? '/'));
    if (!found) return true;
    handle(found, request, response).catch((fault: unknown) => {
      log.error({ err: fault, path: request.url }, 'A mounted part failed');
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
    return false;
  };
  // restify's types leave `first` out.
  (server as Server & { first(chain: First): void }).first(first);
}

async function handle(mount: Mount, request: IncomingMessage, response: ServerResponse): Promise<void> {
  await mount.handle(request, response);
}
