import type { ConnectorClient } from 'botframework-connector';

/** What we use of the HTTP pipeline inside a ConnectorClient, which its types hide. */
interface Pipeline {
  removePolicy(options: { name: string }): unknown;
  addPolicy(policy: Policy): void;
}
interface Policy {
  readonly name: string;
  sendRequest(request: PipelineRequest, next: (request: PipelineRequest) => Promise<unknown>): Promise<unknown>;
}
interface PipelineRequest {
  abortSignal?: AbortSignal;
}

/** No whole answer came in time; the request may have been accepted. */
export class ConnectorTimeout extends Error {
  override readonly name = 'ConnectorTimeout';
}

/**
 * One request, one attempt, a deadline. The SDK would repeat a POST whose answer was lost, which makes a second card, follow
 * redirects with the token, and wait for ever.
 */
export function tighten(client: ConnectorClient, timeoutMs: number): ConnectorClient {
  const pipeline = (client as unknown as { client?: { pipeline?: Pipeline } }).client?.pipeline;
  if (!pipeline) throw new Error('botframework-connector has changed: its pipeline is not where it was');
  pipeline.removePolicy({ name: 'defaultRetryPolicy' });
  pipeline.removePolicy({ name: 'redirectPolicy' });
  pipeline.addPolicy({ name: 'deadline', sendRequest: (request, next) => inTime(request, next, timeoutMs) });
  return client;
}

async function inTime(
  request: PipelineRequest,
  next: (request: PipelineRequest) => Promise<unknown>,
  timeoutMs: number,
): Promise<unknown> {
  const abort = new AbortController();
  request.abortSignal = abort.signal;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new ConnectorTimeout(`Teams gave no answer within ${timeoutMs / 1000} s.`));
      abort.abort();
    }, timeoutMs);
  });
  try {
    return await Promise.race([next(request), late]);
  } finally {
    clearTimeout(timer);
  }
}
