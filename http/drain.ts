import type { Server } from 'restify';

/** Milliseconds. */
const GRACE = 5_000;
const LOOK_AGAIN = 50;

/**
 * Stops listening and waits for what is running. Event streams never end by themselves, therefore only requests that wait
 * for an answer of ours count, not those of mounts; whatever is open when they are done, or when the time is up, is cut.
 */
export function drain(server: Server, graceMs = GRACE): Promise<void> {
  const node = server.server;
  return new Promise((resolve) => {
    const deadline = Date.now() + graceMs;
    node.close(() => {
      clearInterval(timer);
      resolve();
    });
    const cutWhenDone = () => {
      node.closeIdleConnections();
      if (server.inflightRequests() === 0 || Date.now() >= deadline) node.closeAllConnections();
    };
    const timer = setInterval(cutWhenDone, LOOK_AGAIN);
    cutWhenDone();
  });
}
