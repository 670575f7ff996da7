import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ConnectorCall {
  readonly method: string;
  /** Decoded, without the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Record<string, unknown>;
}

/** reset: the connection ends without an answer. hang: no answer comes. stall: headers come, the body does not. */
export type Scripted =
  | 'reset'
  | 'hang'
  | 'stall'
  | { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> };

export interface FakeConnector {
  readonly url: string;
  readonly calls: ConnectorCall[];
  /** Answers to the next requests, in order; afterwards all goes well. */
  readonly script: Scripted[];
  /** Entra object ids by Teams id, for the roster. */
  readonly members: Map<string, string>;
  close(): Promise<void>;
}

/** The connector's REST calls as far as the bot uses them, with answers that a test writes. */
export async function startFakeConnector(): Promise<FakeConnector> {
  const calls: ConnectorCall[] = [];
  const script: Scripted[] = [];
  const members = new Map<string, string>();
  let count = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname);
      const text = Buffer.concat(chunks).toString('utf8');
      const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
      const call = { method: request.method ?? '', path, headers: request.headers, body };
      calls.push(call);
      answer(response, script.shift() ?? usual(call, ++count, members));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, calls, script, members, close };
}

function usual(call: ConnectorCall, count: number, members: ReadonlyMap<string, string>): Scripted {
  const member = /\/members\/(.+)$/.exec(call.path)?.[1];
  if (member !== undefined) return { status: 200, body: { id: member, name: 'x', aadObjectId: members.get(member) } };
  if (call.path !== '/v3/conversations') return { status: 200, body: { id: `act-${count}` } };
  const { channel } = call.body['channelData'] as { channel?: { id: string } };
  return { status: 201, body: { id: channel ? `${channel.id};messageid=root-${count}` : 'a:personal' } };
}

function answer(response: ServerResponse, scripted: Scripted): void {
  if (scripted === 'hang') return;
  if (scripted === 'reset') return void response.socket?.destroy();
  if (scripted === 'stall') return void response.writeHead(200, { 'content-type': 'application/json' }).write('{"id"');
  const { status, body, headers } = scripted;
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body));
}
