import assert from 'node:assert/strict';
import { ana, bo, channels } from '../helpers/cast.js';
import { openInstallation } from '../helpers/installation.js';
import type { Installation } from '../helpers/installation.js';
import type { TestUrls } from '../helpers/database.js';
import { openProxy } from '../helpers/proxy.js';
import type { Proxy } from '../helpers/proxy.js';
import { testServer } from '../helpers/test-server.js';
import { cardsIn, press, readOf, wordsOf } from '../helpers/shown.js';
import { until } from '../helpers/until.js';
import { alertArrives, auditOf, entra, rowsOf, told } from './support/story.js';

describe('PostgreSQL goes away and comes back', () => {
  let on: Installation;
  let proxy: Proxy;

  before(async () => {
    proxy = await openProxy(Number(new URL((await testServer()).adminUrl).port || 5432));
    const through = (url: string) => {
      const moved = new URL(url);
      [moved.hostname, moved.port] = ['127.0.0.1', String(proxy.port)];
      return moved.href;
    };
    const reach = (urls: TestUrls): TestUrls => ({
      ...urls,
      app: through(urls.app),
      system: through(urls.system),
      worker: through(urls.worker),
    });
    on = await openInstallation({ reach });
  });
  after(async () => {
    await on.close();
    await proxy.close();
  });

  const probe = async (path: string) => {
    const answer = await fetch(`${on.apps[0]?.address ?? ''}${path}`);
    return { status: answer.status, body: (await answer.json()) as { database?: string } };
  };
  const isReady = async () => (await probe('/readyz')).status === 200;

  it('unreachable: health says so, clicks and commands get a sentence, nothing is lost, and it recovers by itself', async function () {
    this.timeout(60_000);
    const [alert, other] = [await alertArrives(on), await alertArrives(on)];
    const shown = alert.shown();
    await proxy.cut();
    assert.equal((await probe('/readyz')).status, 503);
    assert.deepEqual((await probe('/healthz')).body.database, 'unreachable');
    const answer = await press(on.teams, ana.name, shown, 'alert.take');
    assert.match(
      readOf(answer),
      /^The database cannot be reached at the moment\. Try again in a minute; the same click never counts twice\./,
    );
    const { message } = await on.teams.say(ana.name, channels.contosoAlerts, `<at>AVIAN</at> assign ${alert.name}`);
    assert.match(
      on.teams
        .replies(message.id)
        .map((one) => one.text)
        .join(),
      /cannot be reached/,
    );
    const { id = '' } = on.cloud.raiseAlert(entra.contoso);

    await proxy.mend();
    await until('the program is ready again', isReady);
    assert.match(readOf(await press(on.teams, ana.name, shown, 'alert.take')), /Assigned/);
    assert.equal((await auditOf(on, { entity_id: alert.id, action: 'alert.take', outcome: 'done' })).length, 1);
    await on.sync();
    await on.delivered();
    assert.match(wordsOf((await told(on, id)).shown().card), /Open/);
    assert.match(wordsOf(alert.shown().card), /Assigned/);
    assert.match(readOf(await press(on.teams, bo.name, other.shown(), 'alert.take')), /Assigned/);
  });

  it('restarted under load: every connection breaks in the middle of ingestion, delivery and clicks, and the books are right', async function () {
    this.timeout(60_000);
    const alert = await alertArrives(on);
    const burst = on.cloud.burst(entra.contoso, 60);
    await on.database.admin.raw(
      `select graphile_worker.add_job('sync_alerts', json_build_object('tenantId', ?::text))`,
      [on.tenantIds.contoso],
    );
    const clicks = [ana, bo].map((one) => press(on.teams, one.name, alert.shown(), 'alert.take'));
    for (let time = 0; time < 3; time += 1) {
      await on.database.admin.raw(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename like 'avian%'`,
      );
      await until('it works again', isReady);
    }
    for (const answer of await Promise.all(clicks)) assert.notEqual(answer.outcome, 'failed', readOf(answer));
    if ((await alert.row()).status === 'open') await press(on.teams, ana.name, alert.shown(), 'alert.take');
    await until('the queue works again', async () => {
      const { rows } = await on.database.admin.raw<{ rows: object[] }>(
        `select 1 from pg_stat_activity where application_name = 'avian-presence' and datname = current_database()`,
      );
      return rows.length > 0;
    });
    await on.sync();
    await on.delivered();
    const cards = cardsIn(on.teams, channels.contosoAlerts);
    for (const { id = '' } of burst) {
      const rows = await rowsOf(on, id);
      assert.deepEqual(
        rows.map((row) => row.seen_count),
        [1],
      );
      assert.equal(cards.filter((one) => one.name === `A-${rows[0]?.number ?? 0}`).length, 1);
    }
    assert.equal((await auditOf(on, { entity_id: alert.id, action: 'alert.take', outcome: 'done' })).length, 1);
    assert.match(wordsOf(alert.shown().card), /Assigned/);
  });
});
