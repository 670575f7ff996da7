import assert from 'node:assert/strict';
import { request } from 'node:http';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';

import { addMentions } from '../../sandbox/console/mentions.js';
import { readValues } from '../../sandbox/console/panel.js';
import type { WireActed, WireFeed, WireState } from '../../sandbox/console/wire.js';
import { startConsoleServer } from './console-server.js';
import type { ConsoleServer } from './console-server.js';

describe('The console', () => {
  let server: ConsoleServer;
  let ann: string;
  let channel: string;

  before(async () => {
    server = await startConsoleServer({ enforceLimits: false });
    ann = [...server.teams.people.values()][0]?.id ?? '';
    channel = [...server.teams.conversations.values()].find((one) => one.name === 'Security alerts')?.id ?? '';
  });
  after(() => server.close());

  async function ask(path: string, body?: unknown, headers: OutgoingHttpHeaders = {}) {
    const url = new URL(path, server.url);
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    return new Promise<{ status: number; headers: IncomingHttpHeaders; text: string }>((resolve, reject) => {
      const method = body === undefined ? 'GET' : 'POST';
      const req = request(url, { method, headers: { ...json, ...headers } }, (res) => {
        let text = '';
        res.on('data', (chunk: Buffer) => (text += chunk.toString()));
        res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, text }));
      });
      req.on('error', reject);
      req.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
  const answer = async <T>(path: string, body?: unknown): Promise<T> => JSON.parse((await ask(path, body)).text) as T;

  it('serves its page with a policy that lets nothing foreign in', async () => {
    const page = await ask('/');
    assert.equal(page.status, 200);
    assert.match(page.text, /\/console\/main\.js\?v=[0-9a-f]{12}/);
    assert.match(String(page.headers['content-security-policy']), /default-src 'none'; script-src 'self'/);
    assert.match(String(page.headers['content-security-policy']), /frame-ancestors 'none'/);
    assert.equal(page.headers['x-content-type-options'], 'nosniff');
    for (const asset of ['/console/main.js', '/console/main.css', '/console/open-sans.woff2'])
      assert.equal((await ask(asset)).status, 200, asset);
    assert.equal((await ask('/console/../../package.json')).status, 404);
  });

  const strangers: [string, OutgoingHttpHeaders][] = [
    ['a name that was rebound to this machine', { host: 'evil.example' }],
    ['a rebound name with our port', { host: 'evil.example:80' }],
    ['a name that only begins like ours', { host: 'localhost.evil.example' }],
    ['a page of another origin', { origin: 'https://evil.example' }],
    ['a page of another port', { origin: 'http://127.0.0.1:1' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['another site, by the word of the browser', { 'sec-fetch-site': 'cross-site' }],
    ['a form', { 'content-type': 'text/plain' }],
  ];
  for (const [who, headers] of strangers) {
    it(`turns away ${who}, and nothing is said`, async () => {
      const before = server.teams.messages(channel).length;
      const refused = await ask('/console/api/say', { person: ann, conversation: channel, text: 'hi' }, headers);
      assert.equal(refused.status, 403);
      assert.equal(server.teams.messages(channel).length, before);
    });
  }

  it('leaves requests that are not its own to others', async () => {
    assert.equal((await ask('/healthz')).status, 404);
    assert.equal((await ask('/healthz')).headers['content-security-policy'], undefined);
  });

  it('shows each person their own teams, and how much others have not read', async () => {
    const state = await answer<WireState>(`/console/api/state?person=${encodeURIComponent(ann)}`);
    assert.deepEqual(
      state.teams.map((team) => team.name),
      ['Contoso SOC'],
    );
    assert.equal(state.people.length, 6);
    await server.raise('Security alerts');
    const later = await answer<WireState>(`/console/api/state?person=${encodeURIComponent(ann)}`);
    const unread = (name: string) => later.people.find((one) => one.name === name)?.unread;
    assert.deepEqual([unread('Bo Berg'), unread('Finn Falk')], [1, 0]);
  });

  it('refuses to show a conversation to somebody who is not in it', async () => {
    const finn = [...server.teams.people.values()].find((one) => one.name === 'Finn Falk')?.id ?? '';
    const query = new URLSearchParams({ person: finn, conversation: channel }).toString();
    assert.equal((await ask(`/console/api/feed?${query}`)).status, 400);
    const id = await server.raise('Security alerts', { number: 90 });
    const click = { person: finn, message: id, action: { type: 'Action.Execute', verb: 'take', data: { alert: 90 } } };
    assert.equal((await ask('/console/api/click', click)).status, 400);
  });

  it('answers a click with the message as this person sees it now', async () => {
    const id = await server.raise('Security alerts', { number: 91 });
    const action = { type: 'Action.Execute', verb: 'take', data: { verb: 'take', alert: 91, version: 1 } };
    const { result, message } = await answer<WireActed>('/console/api/click', { person: ann, message: id, action });
    assert.equal(result.outcome, 'card');
    assert.match(JSON.stringify(message?.card), /Start investigation/);
    assert.equal(message?.replies?.total, 1);
  });

  it('pages through a busy channel from the newest to the oldest without a gap', async () => {
    for (let index = 0; index < 60; index++) await server.teams.say('Bo Berg', 'Escalations', `post ${index}`);
    const conversation = [...server.teams.conversations.values()].find((one) => one.name === 'Escalations')?.id ?? '';
    const seen: string[] = [];
    let before = '';
    for (let hasMore = true; hasMore;) {
      const query = new URLSearchParams({ person: ann, conversation, before }).toString();
      const page = await answer<WireFeed>(`/console/api/feed?${query}`);
      seen.unshift(...page.messages.map((message) => message.text));
      ({ hasMore } = page);
      before = page.messages[0]?.id ?? '';
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 60 }, (_, index) => `post ${index}`),
    );
  });

  it('says in a sentence what is wrong with a request', async () => {
    const wrong = await ask('/console/api/say', { person: 'nobody', conversation: channel, text: 'x' });
    assert.equal(wrong.status, 400);
    assert.match(wrong.text, /does not live here any more/);
    assert.equal((await ask('/console/api/__proto__', {})).status, 404);
  });

  it('runs the controls of the panel with values it has checked', async () => {
    const before = server.teams.messages(channel).length;
    await answer('/console/api/panel', {
      person: ann,
      conversation: channel,
      control: 'burst',
      values: { count: '3' },
    });
    assert.equal(server.teams.messages(channel).length, before + 3);
    const on = { person: ann, conversation: channel, control: 'throttle', on: true };
    await answer('/console/api/panel', on);
    const state = await answer<WireState>(`/console/api/state?person=${encodeURIComponent(ann)}`);
    assert.equal(state.panel.find((one) => one.id === 'throttle')?.isOn, true);
    await answer('/console/api/panel', { ...on, on: false });
  });
});

describe('Values of the panel', () => {
  const fields = [
    { id: 'severity', label: '', type: 'choice' as const, choices: [{ value: 'high', label: 'High' }] },
    { id: 'count', label: '', type: 'number' as const, min: 1, max: 50, initial: 5 },
    { id: 'name', label: '', type: 'text' as const, initial: 'x' },
  ];
  it('are what was chosen, within what was offered', () => {
    assert.deepEqual(readValues(fields, { severity: 'none', count: '900', name: 4 }), {
      severity: 'high',
      count: 50,
      name: 'x',
    });
    assert.deepEqual(readValues(fields, { severity: 'high', count: 'many' }), {
      severity: 'high',
      count: 5,
      name: 'x',
    });
  });
});

describe('A mention that was typed', () => {
  it('becomes the mark that Teams puts into the text, the longest name first', () => {
    assert.equal(
      addMentions('@ann archer and @Ann, hi', ['Ann', 'Ann Archer']),
      '<at>Ann Archer</at> and <at>Ann</at>, hi',
    );
    assert.equal(addMentions('mail@AVIAN.example @AVIANs', ['AVIAN']), 'mail@AVIAN.example @AVIANs');
  });
});
