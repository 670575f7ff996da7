import assert from 'node:assert/strict';
import { retryAfterMs } from '../../bot/delivery/retry-after.js';
import { serviceUrlCheck } from '../../bot/service-urls.js';
import { DeliveryError } from '../../domain/channels/teams-gateway.js';
import type { ConversationReference, DeliveryFault, OutgoingContent } from '../../domain/channels/teams-gateway.js';
import type { Scripted } from '../helpers/fake-connector.js';
import { BOT, CHANNEL, openDesk } from './support/desk.js';
import type { Desk } from './support/desk.js';
import { ENTRA } from './support/recorded-services.js';

const card: OutgoingContent = { card: { type: 'AdaptiveCard', version: '1.5' }, summary: 'A-1 high', notify: true };
const failing = (status: number, code?: string): Scripted => ({ status, body: code ? { error: { code } } : 'oops' });

describe('Delivery to Teams', () => {
  let desk: Desk;
  let channel: ConversationReference;
  let chat: ConversationReference;

  beforeEach(async () => {
    desk = await openDesk();
    const serviceUrl = desk.connector.url;
    channel = { conversationId: CHANNEL, kind: 'channel', serviceUrl, entraTenantId: ENTRA, botId: BOT };
    chat = { ...channel, conversationId: 'a:chat', kind: 'personal' };
  });
  afterEach(() => desk.close());

  async function fault(scripted: Scripted, operation: 'post' | 'reply' | 'update'): Promise<DeliveryError> {
    desk.connector.script.push(scripted);
    const before = desk.connector.calls.length;
    const { gateway } = desk;
    const sent = {
      post: () => gateway.post(channel, card),
      reply: () => gateway.reply(channel, 'root', card),
      update: () => gateway.update(channel, 'root', card),
    }[operation]();
    const error = await sent.then(
      () => assert.fail('it should have failed'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof DeliveryError, String(error));
    assert.equal(desk.connector.calls.length - before, 1, 'one request and no more');
    return error;
  }

  it('posts to a channel as a new root post, and takes its id from the conversation', async () => {
    assert.equal(await desk.gateway.post(channel, card), 'root-1');
    const [sent] = desk.connector.calls;
    const body = sent?.body as Record<string, Record<string, unknown>>;
    assert.equal(sent?.path, '/v3/conversations');
    assert.deepEqual(body['channelData'], {
      channel: { id: CHANNEL },
      tenant: { id: ENTRA },
      notification: { alert: true },
    });
    assert.equal(body['activity']?.['summary'], 'A-1 high');
    assert.equal(body['activity']?.['text'], undefined);
    assert.equal(sent?.headers.authorization, undefined);
  });

  it('posts to a chat, replies in a thread and updates in place', async () => {
    assert.equal(await desk.gateway.post(chat, { text: 'Hello' }), 'act-1');
    assert.equal(await desk.gateway.reply(channel, '170', { text: 'Hello' }), 'act-2');
    await desk.gateway.update(channel, '170', card);
    assert.deepEqual(
      desk.connector.calls.map((call) => `${call.method} ${call.path}`),
      [
        'POST /v3/conversations/a:chat/activities',
        `POST /v3/conversations/${CHANNEL};messageid=170/activities`,
        `PUT /v3/conversations/${CHANNEL}/activities/170`,
      ],
    );
    assert.deepEqual(
      [desk.connector.calls[0]?.body['text'], desk.connector.calls[0]?.body['textFormat']],
      ['Hello', 'plain'],
    );
  });

  const table: readonly [string, Scripted, DeliveryFault, DeliveryFault][] = [
    ['400 Bad Argument', failing(400, 'BadArgument'), 'invalid', 'invalid'],
    ['401 BotNotRegistered', failing(401, 'BotNotRegistered'), 'retry', 'retry'],
    ['403 BotDisabledByAdmin', failing(403, 'BotDisabledByAdmin'), 'lost', 'lost'],
    ['403 BotNotInConversationRoster', failing(403, 'BotNotInConversationRoster'), 'lost', 'lost'],
    ['403 ConversationBlockedByUser', failing(403, 'ConversationBlockedByUser'), 'lost', 'lost'],
    ['403 ForbiddenOperationException', failing(403, 'ForbiddenOperationException'), 'lost', 'lost'],
    ['403 NotEnoughPermissions', failing(403, 'NotEnoughPermissions'), 'lost', 'lost'],
    ['403 MessageWritesBlocked', failing(403, 'MessageWritesBlocked'), 'lost', 'lost'],
    ['404 ConversationNotFound', failing(404, 'ConversationNotFound'), 'lost', 'lost'],
    ['404 ActivityNotFoundInConversation', failing(404, 'ActivityNotFoundInConversation'), 'gone', 'gone'],
    ['404 without a code', failing(404), 'lost', 'gone'],
    ['408', failing(408), 'retry', 'retry'],
    ['412 PreconditionFailed', failing(412, 'PreconditionFailed'), 'retry', 'retry'],
    ['413 MessageSizeTooBig', failing(413, 'MessageSizeTooBig'), 'invalid', 'invalid'],
    ['429 Throttled', failing(429, 'Throttled'), 'throttled', 'throttled'],
    ['500 ServiceError', failing(500, 'ServiceError'), 'unknown', 'retry'],
    ['502', failing(502), 'retry', 'retry'],
    ['503', failing(503), 'retry', 'retry'],
    ['504', failing(504), 'retry', 'retry'],
    ['a redirect', { status: 307, headers: { location: 'http://127.0.0.1:1/' } }, 'unknown', 'unknown'],
    ['a reset', 'reset', 'unknown', 'unknown'],
    ['no answer', 'hang', 'unknown', 'unknown'],
    ['half an answer', 'stall', 'unknown', 'unknown'],
  ];
  for (const [name, scripted, onPost, onUpdate] of table) {
    it(`takes ${name} as ${onPost} of a post and ${onUpdate} of an update, after one request`, async () => {
      assert.equal((await fault(scripted, 'post')).fault, onPost);
      assert.equal((await fault(scripted, 'update')).fault, onUpdate);
    });
  }

  it('takes a reply to a root that is gone as gone', async () => {
    assert.equal((await fault(failing(404), 'reply')).fault, 'gone');
    assert.equal((await fault(failing(404, 'ConversationNotFound'), 'reply')).fault, 'lost');
  });

  it('waits as long as Retry-After says, in seconds or as a date', async () => {
    const throttled = (header: string): Scripted => ({ status: 429, headers: { 'retry-after': header } });
    assert.equal((await fault(throttled('7'), 'post')).retryAfterMs, 7000);
    const now = new Date('2026-03-02T09:00:00Z');
    assert.equal(retryAfterMs('Mon, 02 Mar 2026 09:00:30 GMT', now), 30_000);
    assert.equal(retryAfterMs('Mon, 02 Mar 2026 08:00:00 GMT', now), 0);
    assert.equal(retryAfterMs('soon', now), null);
    assert.equal(retryAfterMs('999999999', now), 3_600_000);
    assert.equal((await fault({ status: 429 }, 'post')).retryAfterMs, undefined);
  });

  it('knows that a refused connection was never a delivery', async () => {
    await desk.connector.close();
    await assert.rejects(desk.gateway.post(channel, card), { fault: 'retry' });
  });

  it('does not know whether an answer without an id was a delivery', async () => {
    assert.equal((await fault({ status: 200, body: {} }, 'post')).fault, 'unknown');
  });

  it('sends nothing to an address outside the allow-list', async () => {
    await assert.rejects(
      desk.gateway.post({ ...channel, serviceUrl: 'https://smba.trafficmanager.net.evil.example/' }, card),
      {
        fault: 'lost',
      },
    );
  });

  it('reports a 401 as a matter of configuration', async () => {
    await fault(failing(401), 'post');
    assert.ok(desk.log.some((line) => line.level === 'error' && /secret and tenant/.test(line.message)));
  });
});

describe('The allow-list of service URLs', () => {
  it('has the hosts of Teams over TLS, and nothing that looks like them', () => {
    const isAllowed = serviceUrlCheck('teams');
    const good = ['https://smba.trafficmanager.net/amer/', 'https://smba.infra.gov.teams.microsoft.us/gcch'];
    const bad = [
      'http://smba.trafficmanager.net/amer/',
      'https://smba.trafficmanager.net:8443/',
      'https://smba.trafficmanager.net@evil.example/',
      'https://user:pw@smba.trafficmanager.net/',
      'https://evil.example/smba.trafficmanager.net',
      'https://smba.trafficmanager.net.evil.example/',
      'http://127.0.0.1:3978/',
      'not a url',
      '',
    ];
    assert.deepEqual(good.filter(isAllowed), good);
    assert.deepEqual(bad.filter(isAllowed), []);
  });

  it('has loopback alone in local mode', () => {
    const isAllowed = serviceUrlCheck('local');
    assert.equal(isAllowed('http://127.0.0.1:5000/'), true);
    assert.equal(isAllowed('http://[::1]:5000/'), true);
    assert.equal(isAllowed('https://smba.trafficmanager.net/amer/'), false);
    assert.equal(isAllowed('http://127.0.0.1.evil.example/'), false);
  });
});
