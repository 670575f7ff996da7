import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { DeliveryError } from '../../domain/channels/teams-gateway.js';
import type { PersonToReach } from '../../domain/channels/teams-gateway.js';
import type { Scripted } from '../helpers/fake-connector.js';
import { BOT, CHANNEL, openDesk } from './support/desk.js';
import type { Desk } from './support/desk.js';
import { ENTRA } from './support/recorded-services.js';

const ann = randomUUID();
const failing = (status: number, code?: string): Scripted => ({ status, body: code ? { error: { code } } : 'oops' });
const inRoster = (given: object = {}): Scripted => ({
  status: 200,
  body: { id: '29:1ann', name: 'Ann Ek', tenantId: ENTRA, ...given },
});

describe('Opening the personal chat with somebody', () => {
  let desk: Desk;
  let person: PersonToReach;
  beforeEach(async () => {
    desk = await openDesk();
    const at = { serviceUrl: desk.connector.url, entraTenantId: ENTRA, botId: BOT };
    person = { entraTenantId: ENTRA, aadObjectId: ann, near: { ...at, conversationId: CHANNEL, kind: 'channel' } };
  });
  afterEach(() => desk.close());

  it('looks the person up by Entra object id and asks for the chat, which both may be repeated', async () => {
    desk.connector.script.push(inRoster());
    const chat = await desk.gateway.openPersonal(person);
    assert.deepEqual(chat, {
      conversationId: 'a:personal',
      kind: 'personal',
      serviceUrl: desk.connector.url,
      entraTenantId: ENTRA,
      botId: BOT,
    });
    const [look, open] = desk.connector.calls;
    assert.equal(`${look?.method} ${look?.path}`, `GET /v3/conversations/${CHANNEL}/members/${ann}`);
    assert.equal(`${open?.method} ${open?.path}`, 'POST /v3/conversations');
    assert.deepEqual(open?.body, {
      isGroup: false,
      bot: { id: BOT, name: 'AVIAN' },
      members: [{ id: '29:1ann' }],
      tenantId: ENTRA,
      channelData: { tenant: { id: ENTRA } },
    });
  });

  const whenLooking: readonly [string, Scripted, string][] = [
    ['the person is not in the channel', failing(404, 'MemberNotFoundInConversation'), 'lost'],
    ['the bot is not in the channel', failing(403, 'BotNotInConversationRoster'), 'lost'],
    ['the roster names no address', { status: 200, body: { name: 'Ann Ek' } }, 'lost'],
    ['the roster knows a guest of that id', inRoster({ tenantId: randomUUID() }), 'lost'],
    ['Teams is too busy', failing(429, 'Throttled'), 'throttled'],
    ['Teams is down', failing(500), 'retry'],
    ['nobody answers', 'hang', 'unknown'],
  ];
  for (const [name, scripted, fault] of whenLooking) {
    it(`is ${fault} when ${name}, after one request`, async () => {
      desk.connector.script.push(scripted);
      await assert.rejects(
        desk.gateway.openPersonal(person),
        (error) => error instanceof DeliveryError && error.fault === fault,
      );
      assert.equal(desk.connector.calls.length, 1);
    });
  }

  for (const [status, code, fault] of [
    [403, 'ForbiddenOperationException', 'lost'],
    [400, 'BadArgument', 'lost'],
    [404, 'ConversationNotFound', 'lost'],
    [502, 'BadGateway', 'retry'],
  ] as const) {
    it(`is ${fault} when Teams answers ${status} ${code} to the request for the chat`, async () => {
      desk.connector.script.push(inRoster(), failing(status, code));
      await assert.rejects(desk.gateway.openPersonal(person), { fault });
      assert.equal(desk.connector.calls.length, 2);
    });
  }

  it('sends nothing to an address outside the allow-list', async () => {
    const near = { ...person.near, serviceUrl: 'https://smba.trafficmanager.net.evil.example/' };
    await assert.rejects(desk.gateway.openPersonal({ ...person, near }), { fault: 'lost' });
    assert.equal(desk.connector.calls.length, 0);
  });
});
