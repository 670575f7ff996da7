import assert from 'node:assert/strict';
import { channels } from '../helpers/cast.js';
import { openInstallation, scaledLimits } from '../helpers/installation.js';
import type { Installation } from '../helpers/installation.js';
import { cardsIn, wordsOf } from '../helpers/shown.js';
import { entra } from './support/story.js';

const timeScale = 0.02;

describe('1,000 alerts at once, with windows fifty times shorter', () => {
  let on: Installation;
  before(async () => (on = await openInstallation({ apps: 2, timeScale })));
  after(() => on.close());

  it('become 1,000 cards within the limits of Teams: the newest state on each, none lost, none twice', async function () {
    this.timeout(90_000);
    const alerts = on.cloud.burst(entra.contoso, 1_000);
    await on.sync();
    const again = alerts.filter((_, place) => place % 10 === 0);
    for (const { id } of again) on.cloud.repeatAlert(entra.contoso, id);
    await on.sync();
    await on.delivered();

    const rows = await on.database
      .admin<{ number: number; seen_count: number }>('security_alerts')
      .select('number', 'seen_count');
    assert.equal(rows.length, 1_000);
    const cards = cardsIn(on.teams, channels.contosoAlerts);
    assert.equal(cards.length, 1_000);
    const words = new Map(cards.map(({ name, card }) => [name, wordsOf(card)]));
    assert.equal(words.size, 1_000);
    for (const { number, seen_count } of rows) {
      assert.match(words.get(`A-${number}`) ?? '', seen_count === 1 ? /Seen once/ : /Seen 2 times/);
    }
    assert.equal(rows.filter((row) => row.seen_count === 2).length, 100);
    const parked = await on.database.admin('outbox').whereNot({ state: 'sent' }).select('state');
    assert.deepEqual(parked, []);
  });

  it('and left at a pace that keeps every window of the conversation', async () => {
    const { rows } = await on.database.admin.raw<{ rows: { at: number }[] }>(
      `select extract(epoch from sent_at)::float8 * 1000 as at from delivery_log where conversation_id =
         (select conversation_id from channel_links where purpose = 'alerts' and tenant_id = ?) order by sent_at`,
      [on.tenantIds.contoso],
    );
    for (const { ms, max } of scaledLimits(timeScale).windows) {
      const crowded = rows.filter(({ at }, place) => (rows[place + max]?.at ?? Infinity) - at < ms - 0.01);
      assert.equal(crowded.length, 0, `never more than ${max} in ${ms} ms`);
    }
  });
});
