import assert from 'node:assert/strict';
import { DomainError } from '../../domain/errors.js';
import type { SyncOrder } from '../../domain/services.js';
import { troubled } from '../cards/sync-views.js';
import { ofType } from '../cards/walk.js';
import { clicked, openDesk, personal, said } from './support/desk.js';
import type { Desk } from './support/desk.js';
import { actor, TENANT } from './support/recorded-services.js';

const all = ['alerts', 'devices', 'compliance', 'vulnerabilities'];

describe('The command edr', () => {
  let desk: Desk;

  beforeEach(async () => {
    desk = await openDesk();
  });
  afterEach(() => desk.close());

  /** The text that was answered, or the card. */
  async function say(text: string, changes: object = {}): Promise<{ text: string; card: unknown }> {
    const before = desk.connector.calls.length;
    assert.equal((await desk.post(said(desk, text, changes))).status, 200);
    const posts = desk.connector.calls.slice(before).filter((call) => call.method === 'POST');
    assert.equal(posts.length, 1, 'one answer');
    const body = posts[0]?.body ?? {};
    const card = body['attachments'];
    return { text: typeof body['text'] === 'string' ? body['text'] : JSON.stringify(card), card };
  }
  const orders = () => desk.named('syncs.start').map(([order]) => order as SyncOrder);

  it('has the sources read that are named, or all', async () => {
    const told: readonly [string, readonly string[], boolean][] = [
      ['edr sync', all, false],
      ['/edr sync all', all, false],
      ['edr SYNC Devices', ['devices'], false],
      ['edr sync alerts, devices and intune', ['alerts', 'devices', 'compliance'], false],
      ['edr sync vulnerabilities full', ['vulnerabilities'], true],
      ['edr sync full', all, true],
    ];
    for (const [text, sources, full] of told) {
      desk.calls.splice(0);
      const answer = await say(text);
      const [order] = orders();
      assert.deepEqual([order?.actor, order?.sources, order?.full], [actor, sources, full], text);
      assert.match(answer.text, /Begins now: Defender devices\..*"verb":"sync\.show"/, text);
    }
  });

  it('shows how reading stands, and in a personal chat the card asks anew by itself', async () => {
    desk.answers.set('syncs.status', () => troubled);
    for (const text of ['edr status', 'edr']) {
      const { card, text: words } = await say(text, personal);
      assert.match(words, /60,000 records.*On hold: Defender refuses.*29:ann/, text);
      const data = { verb: 'sync.show', tenantId: TENANT, schema: 1 };
      const buttons = ofType(card, 'Action.Execute').map((button) => button['data']);
      assert.ok(buttons.length > 0);
      for (const one of buttons) assert.deepEqual(one, data);
    }
    assert.doesNotMatch((await say('edr status')).text, /29:ann/);
    assert.deepEqual(orders(), []);
  });

  it('guesses what was mistyped, says what can be said, and starts nothing', async () => {
    const told: readonly [string, RegExp][] = [
      ['edr snyc', /Did you mean "edr sync"\? Say: edr sync \[alerts/],
      ['edr statsu', /Did you mean "edr status"/],
      ['edr sync devcies', /Did you mean "devices"/],
      ['edr sync vulnerabilties full', /Did you mean "vulnerabilities"/],
      ['edr sync __proto__', /^Say: edr sync \[alerts/],
      ['edr reboot', /^Say: edr sync/],
      ['erd sync', /Did you mean \\?"edr/],
    ];
    for (const [text, pattern] of told) assert.match((await say(text)).text, pattern, text);
    assert.deepEqual([orders(), desk.named('syncs.status')], [[], []]);
  });

  it('delivered three times has one key', async () => {
    const same = said(desk, 'edr sync');
    await Promise.all([desk.post(same), desk.post(same), desk.post(same)]);
    const keys = orders().map((order) => order.idempotencyKey);
    assert.deepEqual([keys.length, new Set(keys).size], [3, 1]);
  });

  it('and its button answer with a sentence whoever may not', async () => {
    const refuse = () => {
      throw new DomainError('refused', 'Your role here (security analyst) does not allow this.');
    };
    desk.answers.set('syncs.start', refuse).set('syncs.status', refuse);
    for (const text of ['edr sync', 'edr status'])
      assert.match((await say(text)).text, /^Your role here \(security analyst\)/, text);
    const { body } = await desk.post(clicked(desk, { verb: 'sync.show', tenantId: TENANT, schema: 1 }));
    assert.match(JSON.stringify(body), /activity\.message.*Your role here/);
    for (const data of [{ verb: 'sync.show', tenantId: '1 or 1=1', schema: 1 }, { verb: 'sync.show' }])
      assert.match(JSON.stringify((await desk.post(clicked(desk, data))).body), /activity\.message/);
    assert.equal(desk.named('syncs.status').length, 2);
  });
});
