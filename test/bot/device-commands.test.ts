import assert from 'node:assert/strict';
import { splitWords } from '../../bot/commands/words.js';
import type { ActionOrderRequest, Click } from '../../domain/services.js';
import { actionRow, actionView, deviceId, policyView } from '../cards/action-views.js';
import { bo } from '../cards/views.js';
import { ofType } from '../cards/walk.js';
import { openDesk, personal, said } from './support/desk.js';
import type { Desk } from './support/desk.js';
import { choice, currentPolicy } from './support/recorded-services.js';

describe('A command about devices', () => {
  let desk: Desk;

  beforeEach(async () => {
    desk = await openDesk();
  });
  afterEach(() => desk.close());

  /** The text that was answered, or the card. */
  async function answer(text: string, changes: object = {}): Promise<{ text: string; card: unknown }> {
    const before = desk.connector.calls.length;
    assert.equal((await desk.post(said(desk, text, changes))).status, 200);
    const posts = desk.connector.calls.slice(before).filter((call) => call.method === 'POST');
    assert.equal(posts.length, 1, 'one answer');
    const body = posts[0]?.body ?? {};
    const card = body['attachments'];
    return { text: typeof body['text'] === 'string' ? body['text'] : JSON.stringify(card), card };
  }
  const say = async (text: string, changes: object = {}) => (await answer(text, changes)).text;
  const orders = () => desk.named('actions.request') as [Click, ActionOrderRequest][];

  it('asks for the action on the one device that is called so, with the reason as it was said', async () => {
    const told = [
      ['isolate con-lap-0117 “Emotet” was run', 'isolate', '"Emotet" was run'],
      ['isolate "con-lap-0117" Emotet was run', 'isolate', 'Emotet was run'],
      ["isolate ‘CON-LAP-0117’ it's bad", 'isolate', "it's bad"],
      ['release con-lap-0117.contoso.com it is clean', 'unisolate', 'it is clean'],
      ['scan con-lap-0117 to be sure', 'scan', 'to be sure'],
      ['scan con‑lap‑0117', 'scan', 'Asked for by command, without a reason.'],
    ] as const;
    for (const [text, kind, reason] of told) {
      desk.calls.splice(0);
      assert.match(await say(text), /^ACT-7: /, text);
      const [click, order] = orders()[0] ?? [];
      const cause = { entity: 'device', entityId: deviceId };
      assert.deepEqual([click?.entityId, order], [deviceId, { kind, cause, parameter: null, reason }], text);
    }
  });

  it('never guesses: a name that fits several, or is only the beginning of one, is answered with a choice', async () => {
    const several = [
      choice({ id: 'd1', name: 'con-lap-0117.contoso.com' }),
      choice({ id: 'd2', name: 'con-lap-0117.fabrikam.com' }),
    ];
    for (const found of [several, [choice({ name: 'con-lap-01179' })], [choice(), choice({ id: 'd2' })]]) {
      desk.answers.set('devices.search', () => found);
      const { card } = await answer('isolate con-lap-0117 Emotet was run');
      const buttons = ofType(card, 'Action.Submit').map((button) => button['data'] as Record<string, unknown>);
      assert.deepEqual(
        buttons.map(({ verb, entity, entityId, reason }) => [verb, entity, entityId, reason]),
        found.map(({ id }) => ['device.isolate', 'device', id, 'Emotet was run']),
      );
    }
    desk.answers.set('devices.search', () => several);
    await say('isolate con-lap-0117.contoso.com Emotet was run');
    assert.deepEqual(
      orders().map(([click]) => click.entityId),
      ['d1'],
    );
    desk.answers.set('devices.search', () => []);
    assert.match(await say('isolate con-xyz Emotet'), /No device here is called, or begins like, "con-xyz"/);
  });

  it('shows a device, with spaces in its name too', async () => {
    desk.answers.set('devices.search', () => [choice({ name: "Maya's MacBook Pro" })]);
    for (const text of ['device Maya’s MacBook Pro', 'device "Maya\'s MacBook Pro"', 'device “maya’s macbook pro”'])
      assert.match(await say(text), /AdaptiveCard/, text);
    assert.deepEqual(
      desk.named('devices.search').map(([, text]) => text),
      ["Maya's MacBook Pro", "Maya's MacBook Pro", "maya's macbook pro"],
    );
    assert.equal(desk.named('devices.view').length, 3);
    desk.answers.set('devices.search', () => [choice({ name: 'x1' }), choice({ name: 'x2' })]);
    const { card } = await answer('device x');
    assert.deepEqual(
      ofType(card, 'Action.Execute').map((button) => button['verb']),
      ['device.show', 'device.show'],
    );
  });

  it('decides about an action by its number', async () => {
    const told = [
      ['approve ACT-7', 'actions.approve', []],
      ['reject act7 it is a drill', 'actions.reject', ['it is a drill']],
      ['cancel ACT-7 the user was found', 'actions.cancel', ['the user was found']],
    ] as const;
    for (const [text, name, args] of told) {
      await say(text);
      const [click, ...rest] = desk.named(name)[0] ?? [];
      assert.deepEqual([(click as Click).entityId, (click as Click).version, rest], [actionRow().id, null, args], text);
    }
    assert.match(await say('show ACT-7'), /AdaptiveCard.*ACT-7/);
  });

  it('shows what waits: the card itself when it is one thing, else a list', async () => {
    assert.match(await say('approvals'), /Nothing waits for you/);
    desk.answers.set('actions.waiting', () => [actionView()]);
    assert.match(await say('approvals', personal), /"verb":"action.approve".*29:ann/);
    desk.answers.set('policy.waiting', () => [policyView()]);
    assert.match(await say('approvals'), /2 wait for a second person/);
    desk.answers.set('actions.waiting', () => []);
    assert.match(await say('approvals'), /"verb":"policy.confirm"/);
  });

  it('shows the posture', async () => {
    assert.match(await say('posture'), /72 of 100/);
  });

  it('proposes a change of the rules, in which what is not named stays as it is', async () => {
    const { approval } = currentPolicy;
    const told: readonly [string, object, string][] = [
      ['policy dry-run off the pilot is over', { dryRun: false }, 'the pilot is over'],
      ['policy DryRun on we test again', { dryRun: true }, 'we test again'],
      ['policy approval scan on scans disturb', { approval: { ...approval, scan: true } }, 'scans disturb'],
      ['policy peers on nights are thin', { peers: true }, 'nights are thin'],
      ['policy queue 48h devices travel', { queueHours: 48 }, 'devices travel'],
      ['policy write-back on one place', { writeBack: true }, 'one place'],
      ['policy break-glass remove @Bo he left', { breakGlass: [] }, 'he left'],
      [
        'policy break-glass add “Ann Ek” night shift',
        { breakGlass: [bo.userId, '00000000-0000-4000-8000-0000000000a0'] },
        'night shift',
      ],
    ];
    for (const [text, change, reason] of told) {
      desk.calls.splice(0);
      assert.match(await say(text), /waits for a second admin/, text);
      assert.deepEqual(desk.named('policy.propose')[0]?.slice(1), [change, reason], text);
    }
  });

  it('shows the rules, and how each is changed when it was said unclearly', async () => {
    for (const text of ['policy', 'policy show']) assert.match(await say(text), /nothing is sent to Microsoft/, text);
    for (const text of [
      'policy dry-run maybe',
      'policy colour blue',
      'policy approval wipe on x',
      'policy break-glass give @Bo x',
      'policy constructor on x',
    ])
      assert.match(await say(text), /policy break-glass add\|remove @person/, text);
    assert.match(await say('policy queue 99 x'), /1 to 72/);
    assert.match(await say('policy dry-run off'), /Say why/);
    assert.match(await say('policy break-glass add @Eve x'), /Nobody called/);
    assert.deepEqual(desk.named('policy.propose'), []);
  });

  it('that lacks a part is answered with how to say it, and asks for nothing', async () => {
    const incomplete: readonly [string, RegExp][] = [
      ['device', /Say which device: device <name>/],
      ['isolate', /Say which device: isolate <device> <reason>/],
      ['isolate con-lap-0117', /Say why.*isolate <device> <reason>/],
      ['release con-lap-0117', /Say why/],
      ['approve A-1042', /an action, such as ACT-7: approve <ACT-n>/],
      ['close ACT-7 benign x', /an alert, such as A-12/],
    ];
    for (const [text, pattern] of incomplete) assert.match(await say(text), pattern, text);
    assert.deepEqual(orders(), []);
  });

  it('delivered three times asks once', async () => {
    const same = said(desk, 'isolate con-lap-0117 Emotet was run');
    await Promise.all([desk.post(same), desk.post(same), desk.post(same)]);
    assert.deepEqual([orders().length, new Set(orders().map(([click]) => click.idempotencyKey)).size], [3, 1]);
  });
});

describe('words of a command', () => {
  it('are split at spaces except within quotes of either kind; an apostrophe is none', () => {
    const words = (text: string) => splitWords(text).map((word) => word.text);
    assert.deepEqual(words('isolate "Maya\'s MacBook" now'), ['isolate', "Maya's MacBook", 'now']);
    assert.deepEqual(words("isolate 'my mac' it's"), ['isolate', 'my mac', "it's"]);
    assert.deepEqual(words("O'Brien's pc 'open"), ["O'Brien's", 'pc', "'open"]);
  });
});
