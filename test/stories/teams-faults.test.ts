import assert from 'node:assert/strict';
import type { Fault } from '../../sandbox/teams/faults.js';
import { ana, channels, maya } from '../helpers/cast.js';
import { openInstallation } from '../helpers/installation.js';
import type { Installation } from '../helpers/installation.js';
import { cardsIn, press, wordsOf } from '../helpers/shown.js';
import { until } from '../helpers/until.js';
import { ask, chatOf } from './support/people.js';
import { alertArrives, auditOf, entra, rowsOf, told } from './support/story.js';

describe('When Teams answers with trouble', () => {
  let on: Installation;
  before(async () => (on = await openInstallation({ times: { sendMs: 400 } })));
  after(() => on.close());
  afterEach(() => on.teams.faults.clear());

  const create = { operations: ['create' as const] };
  const update = { operations: ['update' as const] };

  /** An alert arrives while the fault waits; resolves to its cards and the calls that the bot made for it. */
  async function meets(fault: Fault) {
    on.teams.faults.add(fault);
    const before = on.teams.log.calls.length;
    const { id = '' } = on.cloud.raiseAlert(entra.contoso);
    await on.sync();
    await on.delivered();
    const [row] = await rowsOf(on, id);
    const name = `A-${row?.number ?? 0}`;
    const cards = cardsIn(on.teams, channels.contosoAlerts).filter((one) => one.name === name);
    return {
      id,
      cards: cards.length,
      calls: on.teams.log.calls.slice(before).filter((one) => one.operation === 'create').length,
      row,
    };
  }

  const repeated: readonly (readonly [string, Exclude<Fault, { kind: 'slow' }>])[] = [
    ['412', { kind: 'status', status: 412, ...create }],
    ['429 with Retry-After', { kind: 'status', status: 429, retryAfterSeconds: 1, ...create }],
    ['429 without Retry-After', { kind: 'status', status: 429, ...create }],
    ['502', { kind: 'status', status: 502, ...create }],
    ['503', { kind: 'status', status: 503, ...create }],
    ['504', { kind: 'status', status: 504, ...create }],
  ];
  for (const [name, fault] of repeated) {
    it(`${name} to a post: it is posted again, once`, async () => {
      const { cards, calls } = await meets(fault);
      assert.deepEqual({ cards, calls }, { cards: 1, calls: 2 });
      const [refused, accepted] = on.teams.log.calls.filter((one) => one.operation === 'create').slice(-2);
      const least = fault.kind === 'status' ? 1_000 * (fault.retryAfterSeconds ?? 0) : 0;
      assert.ok((accepted?.at ?? 0) - (refused?.at ?? 0) >= least, 'Retry-After is kept');
    });
  }

  const unknown: readonly (readonly [string, Exclude<Fault, { kind: 'slow' }>])[] = [
    ['500', { kind: 'status', status: 500, ...create }],
    ['a connection that is cut', { kind: 'cut', ...create }],
    ['no answer at all', { kind: 'hang', ...create }],
  ];
  for (const [name, fault] of unknown) {
    it(`${name} to a post that Teams did not take: it is repeated, and there is one card`, async () => {
      assert.equal((await meets(fault)).cards, 1);
    });

    it(`${name} to a post that Teams took: its outcome is unknown, and it repeats at most once`, async () => {
      const { cards, calls } = await meets({ ...fault, accepted: true });
      assert.deepEqual({ cards, calls }, { cards: 2, calls: 2 });
    });
  }

  it('two unknown outcomes of one post end it: parked and audited; a click on the card that is there finds it again', async () => {
    const { id, cards, calls, row } = await meets({ kind: 'hang', accepted: true, times: 2, ...create });
    assert.deepEqual({ cards, calls }, { cards: 2, calls: 2 });
    assert.equal((await auditOf(on, { action: 'delivery.parked', entity_id: row?.id ?? '' })).length, 1);
    const [orphan] = cardsIn(on.teams, channels.contosoAlerts).filter((one) => one.name === `A-${row?.number ?? 0}`);
    assert.ok(orphan);
    await press(on.teams, ana.name, orphan, 'alert.take');
    const words = () => wordsOf(on.teams.message(orphan.message.id)?.attachments[0]?.content);
    await until('the card is known again', () => words().includes('Assigned |'));
    assert.equal((await rowsOf(on, id))[0]?.status, 'assigned');
  });

  it('413 to a post: it is parked and audited, and what comes after it is delivered', async () => {
    const { cards, calls, row } = await meets({ kind: 'status', status: 413, ...create });
    assert.deepEqual({ cards, calls }, { cards: 0, calls: 1 });
    assert.equal((await auditOf(on, { action: 'delivery.parked', entity_id: row?.id ?? '' })).length, 1);
    assert.equal((await meets({ kind: 'slow', delayMs: 20 })).cards, 1);
  });

  for (const fault of [...repeated.slice(2), ...unknown].map(([, one]) => one)) {
    const what =
      fault.kind === 'status' ? `${fault.status}${fault.retryAfterSeconds ? ' with Retry-After' : ''}` : fault.kind;
    it(`${what} to an update: the card shows the newest state in the end`, async () => {
      const alert = await alertArrives(on);
      on.teams.faults.add({ ...fault, ...update });
      await press(on.teams, ana.name, alert.shown(), 'alert.take');
      await on.delivered();
      assert.match(wordsOf(alert.shown().card), /Assigned \|/);
    });
  }

  it('404 to an update, since somebody deleted the card: open work is posted again, once', async () => {
    const alert = await alertArrives(on);
    on.teams.deleteActivity(alert.shown().message.id);
    on.cloud.repeatAlert(entra.contoso, alert.microsoftId);
    await on.sync();
    await on.delivered();
    assert.match(wordsOf(alert.shown().card), /Seen 2 times/);
  });

  it('404 for the conversation, or 403: the channel counts as lost, delivery stops, admins read it in their chat', async () => {
    await ask(on, maya, 'whoami');
    for (const [status, code] of [
      [404, 'ConversationNotFound'],
      [403, 'BotNotInConversationRoster'],
    ] as const) {
      const { id } = on.cloud.raiseAlert(entra.contoso);
      on.teams.faults.add({ kind: 'status', status, code, ...create });
      await on.sync();
      await on.delivered();
      const lost = await on.database.admin('channel_links').where({ tenant_id: on.tenantIds.contoso, state: 'lost' });
      assert.equal(lost.length, 1);
      const chat = on.teams
        .messages(chatOf(on, maya))
        .map((one) => one.text)
        .join(' ');
      assert.match(chat, /Contoso alerts no longer receives alerts/);
      const before = on.teams.log.calls.length;
      on.cloud.raiseAlert(entra.contoso);
      await on.sync();
      await on.delivered();
      assert.equal(on.teams.log.calls.length, before, 'nothing is sent there any more');
      await on.teams.addApp(channels.contosoAlerts);
      await on.delivered();
      assert.match(wordsOf((await told(on, id ?? '')).shown().card), /Open/, 'its card comes when the channel is back');
    }
  });
});
