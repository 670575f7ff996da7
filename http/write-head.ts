import { ServerResponse } from 'node:http';

/**
 * restify replaces writeHead of every response in the process by one that forgets to return the response, which breaks
 * `response.writeHead(404).end()` in servers that have nothing to do with it.
 */
export function mendWriteHead(): void {
  const patched = Object.getOwnPropertyDescriptor(ServerResponse.prototype, 'writeHead')?.value as
    ((...args: unknown[]) => unknown) | undefined;
  if (patched?.name !== 'restifyWriteHead') return;
  function writeHead(this: ServerResponse, ...args: unknown[]): ServerResponse {
    patched?.apply(this, args);
    return this;
  }
  ServerResponse.prototype.writeHead = writeHead;
}
