import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { inTenant } from '../../database/transaction.js';
import type { Actor } from '../../domain/access/actor.js';
import { ingestEdrAlerts } from '../../domain/alerts/ingest/ingest-edr.js';
import { createServices } from '../../domain/create-services.js';
import type { Services } from '../../domain/services.js';
import { actorIn, conversation, ingest, sourceAlert } from '../helpers/builders.js';
import { insertTenant, testDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';
import { rowsOf } from '../helpers/rows.js';
import { until } from '../helpers/until.js';

describe('alerts that come while their channel is being linked', () => {
  let t: TestDatabase;
  let services: Services;
  let tenantId: string;
  let manager: Actor;
  let conversationId: string;

  before(async () => {
    t = await testDatabase();
    services = createServices({ db: t.db });
  });
  after(() => t.drop());
  beforeEach(async () => {
    ({ tenantId } = await insertTenant(t.admin));
    manager = await actorIn(t.admin, tenantId, 'tenant_admin', 'Mia');
    conversationId = await conversation(t.admin, {});
  });

  const cards = async () =>
    (await rowsOf(t.admin, 'outbox', tenantId, { state: 'pending', kind: 'card' })).map((row) => row.entity_id);
  const somebodyWaits = async () => {
    const found = await t.admin.raw<{ rows: unknown[] }>(
      "select from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())",
    );
    return found.rows.length > 0;
  };
  const link = () => services.channels.link(manager, conversationId, 'alerts', null);

  it('get a card when the link comes before they are committed', async () => {
    let linking: Promise<string> | undefined;
    const { ids } = await inTenant(t.db, tenantId, async (trx) => {
      const taken = await ingestEdrAlerts(trx, [sourceAlert()], { firstSync: false, takeEverything: true });
      linking = link();
      await until('the link waits for the alerts', somebodyWaits);
      return taken;
    });
    assert.equal(await linking, 'Alerts come here now. 1 open card will follow.');
    assert.deepEqual(await cards(), ids);
  });

  it('get a card each, whoever is first', async () => {
    const batches = Array.from({ length: 8 }, () => [sourceAlert({ microsoftAlertId: randomUUID() })]);
    await Promise.all([
      ...batches.slice(0, 4).map((batch) => ingest(t.db, tenantId, batch)),
      link(),
      ...batches.slice(4).map((batch) => ingest(t.db, tenantId, batch)),
    ]);
    assert.equal(new Set(await cards()).size, 8);
  });
});
