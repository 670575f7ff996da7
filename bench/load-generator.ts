import { Agent, request } from 'node:http';
import { answerParent } from './peer.js';

/** Bodies are posted in order over keep-alive connections, each of which sends its next one when its answer is in. */
export interface Load {
  readonly url: string;
  readonly connections: number;
  readonly bodies: readonly string[];
}

export interface LoadResult {
  readonly seconds: number;
  /** Milliseconds from writing a request to the last byte of its answer. */
  readonly latencies: readonly number[];
  /** Answers that were not HTTP 200 with an adaptive card. */
  readonly failures: number;
  readonly firstAnswer: string;
}

answerParent<Load>(async ({ url, connections, bodies }): Promise<LoadResult> => {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const latencies: number[] = [];
  let [next, failures, firstAnswer] = [0, 0, ''];
  const begun = performance.now();
  const connection = async () => {
    while (next < bodies.length) {
      const body = bodies[next] ?? '';
      next += 1;
      const sent = performance.now();
      const answer = await post(agent, url, body);
      latencies.push(performance.now() - sent);
      firstAnswer ||= answer;
      if (!answer.includes('"application/vnd.microsoft.card.adaptive"')) failures += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  const seconds = (performance.now() - begun) / 1_000;
  agent.destroy();
  return { seconds, latencies, failures, firstAnswer };
});

/** The body of an answer with status 200, else nothing. */
function post(agent: Agent, url: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sending = request(url, { agent, method: 'POST', headers, timeout: 30_000 }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(response.statusCode === 200 ? Buffer.concat(chunks).toString('utf8') : ''));
    });
    sending.on('error', reject).end(body);
  });
}
