import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { inTenant } from '../../database/transaction.js';
import type { Trx } from '../../database/transaction.js';
import { insertMember, insertTenant, testDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';

const distant = new Date('2100-01-01T00:00:00Z');

describe('alerts and incidents in the database', () => {
  let test: TestDatabase;
  let tenantId: string;
  let userId: string;

  before(async () => {
    test = await testDatabase();
    ({ tenantId } = await insertTenant(test.admin));
    ({ userId } = await insertMember(test.admin, tenantId, { role: 'security_analyst' }));
  });
  after(() => test.drop());

  const inside = <T>(work: (trx: Trx) => Promise<T>) => inTenant(test.db, tenantId, work);

  async function newAlert(trx: Trx): Promise<string> {
    const [row] = await trx
      .sql('security_alerts')
      .insert({
        tenant_id: tenantId,
        source_system: 'edr',
        source_id: randomUUID(),
        alert_type: 'test',
        classification: 'malware',
        severity: 'high',
        title: 'Test',
      })
      .returning<{ id: string }[]>('id');
    assert.ok(row);
    return row.id;
  }

  async function newIncident(trx: Trx): Promise<string> {
    const [row] = await trx
      .sql('security_incidents')
      .insert({
        tenant_id: tenantId,
        owner_id: userId,
        title: 'Test',
        severity: 'high',
        sla_acknowledge_by: distant,
        sla_investigate_by: distant,
        sla_resolve_by: distant,
      })
      .returning<{ id: string }[]>('id');
    assert.ok(row);
    return row.id;
  }

  const link = (trx: Trx, incidentId: string, alertId: string, isPrimary: boolean) =>
    trx
      .sql('incident_alert_links')
      .insert({ tenant_id: tenantId, incident_id: incidentId, alert_id: alertId, is_primary: isPrimary });

  it('asks for the primary alert of an incident at the end of the transaction, not before', async () => {
    const incidentId = await inside(async (trx) => {
      const incident = await newIncident(trx);
      await link(trx, incident, await newAlert(trx), false);
      await link(trx, incident, await newAlert(trx), true);
      return incident;
    });
    const links = await test.admin('incident_alert_links').where({ incident_id: incidentId });
    assert.equal(links.length, 2);
  });

  it('refuses to commit an incident without an alert, or with none that is primary', async () => {
    const message = /has no primary alert/;
    await assert.rejects(inside(newIncident), message);
    await assert.rejects(
      inside(async (trx) => {
        await link(trx, await newIncident(trx), await newAlert(trx), false);
      }),
      message,
    );
  });

  it('refuses a second primary alert at once', async () => {
    const second = inside(async (trx) => {
      const incident = await newIncident(trx);
      await link(trx, incident, await newAlert(trx), true);
      await link(trx, incident, await newAlert(trx), true);
    });
    await assert.rejects(second, /incident_alert_links_primary_idx/);
  });

  it('lets an incident, and a tenant with incidents, be deleted although their links go', async () => {
    const other = await insertTenant(test.admin, { name: 'Gone' });
    const owner = await insertMember(test.admin, other.tenantId, { role: 'security_analyst' });
    [tenantId, userId] = [other.tenantId, owner.userId];
    const make = () =>
      inside(async (trx) => {
        const incident = await newIncident(trx);
        await link(trx, incident, await newAlert(trx), true);
        return incident;
      });
    const first = await make();
    await make();
    assert.equal(await test.admin('security_incidents').where({ id: first }).delete(), 1);
    assert.equal(await test.admin('tenants').where({ id: tenantId }).delete(), 1);
    assert.deepEqual(await test.admin('security_alerts').where({ tenant_id: tenantId }), []);
    ({ tenantId } = await insertTenant(test.admin));
    ({ userId } = await insertMember(test.admin, tenantId, { role: 'security_analyst' }));
  });

  it('gives numbers per tenant without holes, also to simultaneous transactions', async () => {
    const fresh = await insertTenant(test.admin);
    tenantId = fresh.tenantId;
    await Promise.all(Array.from({ length: 8 }, () => inside(newAlert)));
    const rows = await test.admin('security_alerts').where({ tenant_id: tenantId }).orderBy('number').pluck('number');
    assert.deepEqual(rows, [1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('draws a block of numbers for a batch and burns none when the batch is rolled back', async () => {
    const draw = (trx: Trx) =>
      trx.sql.raw<{ rows: { first: number }[] }>("select app.draw_numbers(?, 'alert', 100) as first", [tenantId]);
    const first = async () => (await inside(draw)).rows[0]?.first;
    const start = await first();
    await assert.rejects(
      inside(async (trx) => {
        await draw(trx);
        throw new Error('batch failed');
      }),
    );
    assert.equal(await first(), (start ?? 0) + 100);
  });

  it("shows the platform's playbooks to every tenant, and lets none change them", async () => {
    const name = randomUUID();
    await test.admin('investigation_playbooks').insert({ name, version: '1', status: 'active' });
    const seen = await inside((trx) => trx.sql('investigation_playbooks').where({ name }));
    assert.equal(seen.length, 1);
    const changed = await inside((trx) => trx.sql('investigation_playbooks').where({ name }).update({ purpose: 'x' }));
    assert.equal(changed, 0);
    await assert.rejects(
      inside((trx) => trx.sql('investigation_playbooks').insert({ name, version: '2' })),
      /row-level security/,
    );
  });

  it('gives a link the tenant and status of its playbook, when it is inserted and when the playbook changes', async () => {
    const [playbook] = await test
      .admin('investigation_playbooks')
      .insert({ name: randomUUID(), version: '1', status: 'active' })
      .returning<{ id: string }[]>('id');
    assert.ok(playbook);
    const status = () =>
      test
        .admin('playbook_classification_links')
        .where({ playbook_id: playbook.id })
        .select<{ tenant_id: string | null; playbook_status: string }[]>('tenant_id', 'playbook_status');
    await test.admin('playbook_classification_links').insert({
      playbook_id: playbook.id,
      classification: 'phishing',
      tenant_id: tenantId,
      playbook_status: 'draft',
    });
    assert.deepEqual(await status(), [{ tenant_id: null, playbook_status: 'active' }]);
    await test.admin('investigation_playbooks').where({ id: playbook.id }).update({ status: 'deprecated' });
    assert.deepEqual(await status(), [{ tenant_id: null, playbook_status: 'deprecated' }]);
  });

  it('never sets updated_at back when an earlier transaction writes last', async () => {
    const alertId = await inside(newAlert);
    const stamp = async () =>
      (await test.admin('security_alerts').where({ id: alertId }).first<{ updated_at: Date }>()).updated_at;
    await inside(async (early) => {
      await inside((late) => late.sql('security_alerts').where({ id: alertId }).update({ title: 'late' }));
      const before = await stamp();
      await early.sql('security_alerts').where({ id: alertId }).update({ title: 'early' });
      const [row] = await early
        .sql('security_alerts')
        .where({ id: alertId })
        .select<{ updated_at: Date }[]>('updated_at');
      assert.deepEqual(row?.updated_at, before);
    });
  });
});
