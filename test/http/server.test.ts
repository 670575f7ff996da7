import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { createHttpServer } from '../../http/server.js';
import type { HttpParts, HttpServer, MessageRequest } from '../../http/server.js';

const silent = { debug: () => undefined, error: () => undefined };
const well = () => Promise.resolve({ ok: true, details: {} });

describe('The HTTP door', () => {
  let server: HttpServer | undefined;

  afterEach(async () => {
    await server?.close(0);
    server = undefined;
  });

  async function open(parts: Partial<HttpParts> = {}): Promise<string> {
    const messages = () => Promise.resolve({ status: 200 });
    server = createHttpServer({ messages, health: well, readiness: well, log: silent, ...parts });
    return `http://127.0.0.1:${await server.listen(0, '127.0.0.1')}`;
  }

  const post = (url: string, body: string | Buffer, headers: Record<string, string> = {}) =>
    fetch(`${url}/api/messages`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });

  it('hands a JSON body, the headers and a correlation id on, and gives the answer back', async () => {
    const seen: MessageRequest[] = [];
    const url = await open({
      messages: (request) => {
        seen.push(request);
        return Promise.resolve({ status: 200, body: { statusCode: 200 } });
      },
    });
    const response = await post(url, '{"type":"message"}', { authorization: 'Bearer x' });
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), { statusCode: 200 });
    assert.deepEqual(seen[0]?.body, { type: 'message' });
    assert.equal(seen[0]?.headers.authorization, 'Bearer x');
    assert.equal(response.headers.get('x-correlation-id'), seen[0]?.correlationId);
  });

  it('answers without a body when there is none to give', async () => {
    const url = await open({ messages: () => Promise.resolve({ status: 202 }) });
    const response = await post(url, '{}');
    assert.deepEqual([response.status, await response.text()], [202, '']);
  });

  it('in local mode answers neither rebound names nor pages of other sites, whatever they ask for', async () => {
    const seen: string[] = [];
    const note = (what: string) => void seen.push(what);
    const url = await open({
      ownPagesOnly: true,
      messages: () => Promise.resolve({ status: 200 }).finally(() => note('message')),
      mounts: [
        { matches: (path) => path.startsWith('/v3/'), handle: (_, response) => void response.end(note('mounted')) },
      ],
    });
    const { port } = new URL(url);
    const own = `127.0.0.1:${port}`;
    const ask = async (path: string, headers: Record<string, string>): Promise<number | undefined> => {
      const request = httpRequest(`${url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
      });
      request.end('{}');
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      response.resume();
      return response.statusCode;
    };
    for (const path of ['/api/messages', '/v3/conversations', '/healthz']) {
      assert.equal(await ask(path, { host: `evil.example:${port}` }), 403, path);
      assert.equal(await ask(path, { host: own, origin: 'https://evil.example' }), 403, path);
      assert.equal(await ask(path, { host: own, origin: 'null' }), 403, path);
    }
    assert.deepEqual(seen, []);
    assert.equal(await ask('/api/messages', { host: own }), 200);
    assert.equal(
      await ask('/v3/conversations', { host: `localhost:${port}`, origin: `http://localhost:${port}` }),
      200,
    );
    assert.deepEqual(seen, ['message', 'mounted']);
  });

  it('answers an unknown address, a wrong method and broken JSON with a sentence', async () => {
    const url = await open();
    const answers = [await fetch(`${url}/x`), await fetch(`${url}/api/messages`), await post(url, '{"a":')];
    assert.deepEqual(
      answers.map((one) => one.status),
      [404, 405, 400],
    );
    for (const answer of answers) assert.match(((await answer.json()) as { error: string }).error, /^[A-Z].*\.$/);
  });

  it('refuses more than 256 KB, announced or not', async () => {
    const url = await open();
    const large = JSON.stringify({ text: 'x'.repeat(300_000) });
    assert.equal((await post(url, large)).status, 413);
    const chunked = new ReadableStream({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode(large));
        controller.close();
      },
    });
    const init = { method: 'POST', body: chunked, duplex: 'half', headers: { 'content-type': 'application/json' } };
    assert.equal((await fetch(`${url}/api/messages`, init as RequestInit)).status, 413);
  });

  it('refuses a packed body, which may unpack to anything', async () => {
    const url = await open();
    const response = await post(url, gzipSync('{"type":"message"}'), { 'content-encoding': 'gzip' });
    assert.equal(response.status, 415);
  });

  it('tells nothing of an error but a reference that the log knows', async () => {
    const logged: object[] = [];
    const url = await open({
      messages: () => Promise.reject(new Error('postgres://u:hunter2@db')),
      log: { ...silent, error: (fields) => logged.push(fields) },
    });
    const response = await post(url, '{}');
    const text = await response.text();
    assert.equal(response.status, 500);
    assert.doesNotMatch(text, /hunter2|postgres|stack/);
    const { correlationId } = logged[0] as { correlationId: string };
    assert.ok(text.includes(correlationId));
  });

  it('reports health and readiness apart; a check that throws or says no is a 503', async () => {
    const url = await open({
      health: () => Promise.resolve({ ok: true, details: { uptime: 3 } }),
      readiness: () => Promise.reject(new Error('no database')),
    });
    const health = await fetch(`${url}/healthz`);
    assert.deepEqual([health.status, await health.json()], [200, { ok: true, uptime: 3 }]);
    const ready = await fetch(`${url}/readyz`);
    assert.equal(ready.status, 503);
    assert.doesNotMatch(await ready.text(), /no database/);
  });

  it('gives mounted addresses to their owner untouched, and survives an owner who throws', async () => {
    const url = await open({
      mounts: [
        { matches: (path) => path === '/ok', handle: (_, response) => void response.writeHead(200).end('mine') },
        {
          matches: (path) => path === '/bad',
          handle: () => {
            throw new Error('broken');
          },
        },
      ],
    });
    assert.equal(await (await fetch(`${url}/ok`)).text(), 'mine');
    assert.equal((await fetch(`${url}/bad`)).status, 500);
    assert.equal((await fetch(`${url}/healthz`)).status, 200);
  });

  it('says that a port is taken', async () => {
    const url = await open();
    const second = createHttpServer({
      messages: () => Promise.reject(new Error()),
      health: well,
      readiness: well,
      log: silent,
    });
    await assert.rejects(second.listen(Number(new URL(url).port), '127.0.0.1'), { code: 'EADDRINUSE' });
  });

  it('closes although an event stream is open and another client keeps its connection', async () => {
    const url = await open({
      mounts: [{ matches: (path) => path === '/events', handle: (_, response) => void response.write('data: 1\n\n') }],
    });
    const stream = await new Promise<IncomingMessage>((resolve) => httpRequest(`${url}/events`, resolve).end());
    const cut = new Promise((resolve) => stream.on('error', resolve).on('close', resolve).resume());
    const idle = connect(Number(new URL(url).port), '127.0.0.1');
    await once(idle, 'connect');
    await server?.close();
    await cut;
    idle.destroy();
  });

  it('lets a request that runs finish before it closes', async () => {
    let finish: () => void = () => undefined;
    let began: () => void = () => undefined;
    const running = new Promise<void>((resolve) => (began = resolve));
    const url = await open({
      messages: async () => {
        began();
        await new Promise<void>((resolve) => (finish = resolve));
        return { status: 200, body: { done: true } };
      },
    });
    const answer = post(url, '{}');
    await running;
    const closed = server?.close();
    finish();
    assert.deepEqual(await (await answer).json(), { done: true });
    await closed;
  });
});
