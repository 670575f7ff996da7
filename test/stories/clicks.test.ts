import assert from 'node:assert/strict';
import type { InvokeResult } from '../../sandbox/teams/bot-client.js';
import { ana, bo, channels, maya } from '../helpers/cast.js';
import { openInstallation } from '../helpers/installation.js';
import type { Installation } from '../helpers/installation.js';
import { cardsIn, dataOf, fillIn, press, pressWith, readOf, verbsOf, wordsOf } from '../helpers/shown.js';
import { until } from '../helpers/until.js';
import { alertArrives, auditOf } from './support/story.js';
import type { Told } from './support/story.js';

describe('Clicks that meet, repeat or come late, with two processes', () => {
  let on: Installation;
  before(async () => (on = await openInstallation({ apps: 2 })));
  after(() => on.close());

  /** Holds the alert's row until so many clicks wait for it or for each other, so that they truly meet. */
  async function meeting(alert: Told, clicks: number, start: () => Promise<InvokeResult[]>): Promise<InvokeResult[]> {
    const { admin } = on.database;
    const trx = await admin.transaction();
    await trx.raw('select from security_alerts where id = ? for update', [alert.id]);
    const answers = start();
    const waiting = async () => {
      const found = await admin.raw<{ rows: { n: number }[] }>(
        `select count(*)::int n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return (found.rows[0]?.n ?? 0) >= clicks;
    };
    await until('the clicks meet', waiting);
    await trx.commit();
    return answers;
  }

  const done = (alert: Told, action: string) => auditOf(on, { entity_id: alert.id, action, outcome: 'done' });

  it('two people take in the same instant: one wins, the other reads who did and gets the fresh card', async () => {
    const alert = await alertArrives(on);
    const shown = alert.shown();
    const both = [ana, bo];
    const answers = await meeting(alert, 2, () =>
      Promise.all(both.map((one) => press(on.teams, one.name, shown, 'alert.take'))),
    );
    const taken = await done(alert, 'alert.take');
    assert.equal(taken.length, 1);
    const lost = answers.map(readOf).filter((words) => /took this/.test(words));
    assert.equal(lost.length, 1);
    assert.match(lost[0] ?? '', /(Ana Ortiz|Bo Lindqvist) took this \d+ s ago.*is assigned; this needs it to be open/);
    assert.ok(answers.every((one) => one.outcome === 'card' && verbsOf(one.card).includes('alert.investigate')));
    const refused = await auditOf(on, { entity_id: alert.id, action: 'alert.take', outcome: 'refused' });
    assert.equal(refused.length, 1);
  });

  for (const ids of ['same', 'new'] as const) {
    it(`three deliveries of one click, with ${ids === 'same' ? 'the same id' : 'new ids'}, have one effect and three sensible answers`, async () => {
      const alert = await alertArrives(on);
      const { card, message } = alert.shown();
      const data = dataOf(card, 'alert.take');
      const action = { type: 'Action.Execute', verb: 'alert.take', data } as const;
      const answers = await meeting(alert, 3, () =>
        on.teams.clickRepeatedly(ana.name, message.id, action, { times: 3, ids }),
      );
      assert.deepEqual(
        answers.map((one) => one.outcome),
        ['card', 'card', 'card'],
      );
      for (const one of answers) assert.match(readOf(one), /Assigned \|.*Ana Ortiz/);
      assert.equal((await done(alert, 'alert.take')).length, 1);
      assert.equal((await auditOf(on, { entity_id: alert.id, outcome: 'refused' })).length, 0);
    });
  }

  it('the same click after a restart still has one effect', async () => {
    const alert = await alertArrives(on);
    const shown = alert.shown();
    await press(on.teams, ana.name, shown, 'alert.take');
    for (const app of [...on.apps]) await app.stop();
    await on.startApp();
    await on.startApp();
    assert.match(readOf(await press(on.teams, ana.name, shown, 'alert.take')), /Assigned \|.*Ana Ortiz/);
    assert.equal((await done(alert, 'alert.take')).length, 1);
  });

  it('clicks out of order are refused with what is needed first, and then work in order', async () => {
    const alert = await alertArrives(on);
    const take = alert.shown();
    const data = { ...dataOf(take.card, 'alert.take'), verb: 'alert.investigate' };
    const early = await pressWith(on.teams, ana.name, take.message, data);
    assert.match(readOf(early), /is open; this needs it to be assigned\. Take it first\./);
    await press(on.teams, ana.name, take, 'alert.take');
    await on.delivered();
    assert.match(readOf(await press(on.teams, ana.name, alert.shown(), 'alert.investigate')), /Investigating/);
  });

  it('an old card acts on the newest state: what still fits is done, what does not is answered with the fresh card', async () => {
    const alert = await alertArrives(on);
    const old = alert.shown();
    for (const verb of ['alert.take', 'alert.investigate']) {
      await press(on.teams, ana.name, alert.shown(), verb);
      await on.delivered();
    }
    const late = await press(on.teams, bo.name, old, 'alert.take');
    assert.match(readOf(late), /Ana Ortiz started to investigate this \d+ s ago.*Investigating/);
    assert.ok(late.outcome === 'card' && verbsOf(late.card).includes('alert.escalate'), 'with the buttons of now');
    const given = await fillIn(on.teams, maya.name, old, 'alert.assign', {
      assigneeId: await userId(bo.aadObjectId),
      reason: 'Ana goes home',
    });
    assert.match(readOf(given), /Investigating \(Bo Lindqvist\)/, 'a hand-over is possible in this state too');
  });

  it('a person may open the card anew by hand', async () => {
    const alert = await alertArrives(on);
    const { card, message } = alert.shown();
    const data = { ...dataOf(card, 'alert.take'), verb: 'card.refresh' };
    const fresh = await pressWith(on.teams, ana.name, message, data);
    assert.ok(fresh.outcome === 'card');
    assert.match(wordsOf(fresh.card), new RegExp(alert.name));
  });

  it('data of no known shape get a clear sentence and change nothing', async () => {
    const alert = await alertArrives(on);
    const { card, message } = alert.shown();
    const good = dataOf(card, 'alert.take');
    const before = await alert.row();
    const broken: readonly (readonly [unknown, RegExp])[] = [
      [{ ...good, verb: 'alert.explode' }, /^This button is not known here/],
      [{ ...good, verb: '__proto__' }, /^This button is not known here/],
      [{ ...good, verb: 'constructor' }, /^This button is not known here/],
      [{ ...good, verb: ['alert.take'] }, /^This button is not known here/],
      [{ verb: 'alert.take' }, /brought data that cannot be read/],
      [{ ...good, entityId: "1' or '1'='1" }, /brought data that cannot be read/],
      [{ ...good, version: -1 }, /brought data that cannot be read/],
      [{ ...good, version: 'x'.repeat(100_000) }, /brought data that cannot be read/],
      [{ ...good, entity: 'incident' }, /brought data that cannot be read/],
      [{ ...good, schema: 99 }, /from another version of AVIAN/],
      [null, /./],
      [[], /./],
      ['alert.take', /./],
    ];
    for (const [data, answer] of broken) {
      const result = await on.teams.click(ana.name, message.id, { type: 'Action.Execute', verb: 'x', data });
      assert.match(readOf(result), answer, JSON.stringify(data).slice(0, 100));
      assert.equal(result.answer.status, 200);
    }
    assert.deepEqual(await alert.row(), before);
    assert.match(readOf(await press(on.teams, ana.name, alert.shown(), 'alert.take')), /Assigned/);
  });

  it('nobody sees another card about the alert than the one in the channel', () => {
    const names = cardsIn(on.teams, channels.contosoAlerts).map((one) => one.name);
    assert.equal(new Set(names).size, names.length);
  });

  async function userId(aadObjectId: string): Promise<string> {
    const row = await on.database
      .admin<{ id: string; aad_object_id: string }>('users')
      .where({ aad_object_id: aadObjectId })
      .first();
    return row?.id ?? '';
  }
});
