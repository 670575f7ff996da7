import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { retentionTask } from '../../../jobs/tasks/retention.js';
import type { TaskRun } from '../../../jobs/queue/tasks.js';
import { testDatabase } from '../../helpers/database.js';
import type { TestDatabase } from '../../helpers/database.js';
import { insertAlerts, insertChannel } from '../delivery/channel.js';
import type { TestChannel } from '../delivery/channel.js';

describe('retention', () => {
  let base: TestDatabase;
  let channel: TestChannel;
  before(async () => {
    base = await testDatabase();
  });
  beforeEach(async () => {
    channel = await insertChannel(base.admin);
  });
  after(() => base.drop());

  const ago = (days: number) => new Date(Date.now() - days * 86_400_000);
  const prune = (batchSize?: number) => {
    const run = { signal: new AbortController().signal } as TaskRun;
    return retentionTask(base.db, batchSize)({}, run);
  };
  const left = async (table: string, column: string) =>
    (await base.admin(table).where({ tenant_id: channel.tenantId }).orderBy(column).pluck(column)) as string[];
  const of = (rows: object[]) => rows.map((row) => ({ tenant_id: channel.tenantId, ...row }));

  it('keeps clicks 7 days, runs 90, the log of requests 2', async () => {
    await base.admin('invoke_receipts').insert(of([6, 8].map((days) => ({ key: `${days}`, created_at: ago(days) }))));
    await base
      .admin('sync_runs')
      .insert(of([89, 91].map((days) => ({ source: 'alerts', started_at: ago(days), error: `${days}` }))));
    const request = { conversation_id: channel.conversationId, outbox_id: 1 };
    await base
      .admin('delivery_log')
      .insert(of([1, 3].map((days) => ({ ...request, operation: days === 1 ? 'post' : 'reply', sent_at: ago(days) }))));
    await prune();
    assert.deepEqual(await left('invoke_receipts', 'key'), ['6']);
    assert.deepEqual(await left('sync_runs', 'error'), ['89']);
    assert.deepEqual(await left('delivery_log', 'operation'), ['post']);
  });

  it('keeps what a walk has met only while the walk goes on', async () => {
    const runs = { going: randomUUID(), killed: randomUUID(), ended: randomUUID() };
    const begun = (id: string, days: number) => ({ id, source: 'devices', started_at: ago(days) });
    await base.admin('sync_runs').insert(of([begun(runs.going, 0.5), begun(runs.killed, 2)]));
    const end = { outcome: 'failed', finished_at: new Date() };
    await base.admin('sync_runs').insert(of([{ ...begun(runs.ended, 0.5), ...end }]));
    const met = Object.values(runs).flatMap((run_id) =>
      Array.from({ length: 5 }, () => ({ run_id, device_id: randomUUID() })),
    );
    await base.admin('sync_seen_devices').insert(of(met));
    const links = met.map((one) => ({ ...one, vulnerability_id: randomUUID(), product: 'a/b/1' }));
    await base.admin('sync_seen_vulnerabilities').insert(of(links));
    await prune(3);
    for (const table of ['sync_seen_devices', 'sync_seen_vulnerabilities'])
      assert.deepEqual(await left(table, 'run_id'), Array<string>(5).fill(runs.going), table);
  });

  it('keeps what is sent 30 days, and what is pending for ever, in as many batches as it takes', async () => {
    const row = (days: number, state: string, n = 0) => ({
      conversation_id: channel.conversationId,
      stale_key: `${state} ${days} ${n}`,
      kind: 'notice',
      state,
      created_at: ago(days),
      finished_at: state === 'pending' ? null : ago(days),
    });
    const old = Array.from({ length: 7 }, (_, n) => row(31, 'sent', n));
    await base.admin('outbox').insert(of([...old, row(29, 'sent'), row(31, 'parked'), row(400, 'pending')]));
    await prune(3);
    assert.deepEqual(await left('outbox', 'stale_key'), ['pending 400 0', 'sent 29 0']);
  });

  it('keeps the history of the posture 400 days', async () => {
    await base
      .admin('edr_posture_scores')
      .insert(of([399, 401].map((days) => ({ score: days === 399 ? 70 : 60, calculated_at: ago(days) }))));
    await prune();
    assert.deepEqual(await left('edr_posture_scores', 'score'), [70]);
  });

  it('keeps closed alerts as long as the tenant says, and those of an incident as long as the incident', async () => {
    const titles = ['young', 'old', 'of an incident', 'open'];
    const ids = await insertAlerts(base.admin, channel.tenantId, titles);
    const [young = '', old = '', ofIncident = ''] = ids;
    const close = (id: string, days: number) =>
      base
        .admin('security_alerts')
        .where({ id })
        .update({
          status: 'closed_benign',
          assigned_to: channel.analystId,
          assigned_at: ago(days),
          closed_by: channel.analystId,
          closed_at: ago(days),
          closing_notes: 'Known scanner.',
        });
    await close(young, 399);
    await close(old, 401);
    await close(ofIncident, 401);
    await linkToIncident(ofIncident);
    await base.admin('posted_cards').insert(
      of(
        [young, old].map((id) => ({
          entity_type: 'alert',
          entity_id: id,
          conversation_id: channel.conversationId,
          activity_id: 'a',
          card_schema: 1,
        })),
      ),
    );
    await prune();
    assert.deepEqual(await left('security_alerts', 'title'), ['of an incident', 'open', 'young']);
    assert.deepEqual(await left('posted_cards', 'entity_id'), [young]);
    await base.admin('tenants').where({ id: channel.tenantId }).update({ settings: '{"closedAlertDays": 30}' });
    await prune();
    assert.deepEqual(await left('security_alerts', 'title'), ['of an incident', 'open']);
    assert.deepEqual(await left('audit_log', 'action'), ['retention.pruned', 'retention.pruned']);
  });

  it('says in the trail what each batch deleted, in the transaction of the batch', async () => {
    const keys = Array.from({ length: 5 }, (_, n) => ({ key: `${n}`, created_at: ago(8) }));
    await base.admin('invoke_receipts').insert(of(keys));
    await prune(2);
    const told = (await base
      .admin('audit_log')
      .where({ tenant_id: channel.tenantId })
      .orderBy('id')
      .pluck('after')) as unknown[];
    assert.deepEqual(told, [{ receipts: 2 }, { receipts: 2 }, { receipts: 1 }]);
  });

  it('never touches the audit trail', async () => {
    await base.admin('audit_log').insert(of([{ actor_kind: 'job', actor: 'test', action: 'ancient', at: ago(3_000) }]));
    await prune();
    assert.deepEqual(await left('audit_log', 'action'), ['ancient']);
  });

  async function linkToIncident(alertId: string): Promise<void> {
    const incidentId = randomUUID();
    const soon = ago(-1);
    await base.admin.transaction(async (sql) => {
      await sql('security_incidents').insert({
        tenant_id: channel.tenantId,
        id: incidentId,
        owner_id: channel.analystId,
        title: 'Case',
        severity: 'high',
        sla_acknowledge_by: soon,
        sla_investigate_by: soon,
        sla_resolve_by: soon,
      });
      await sql('incident_alert_links').insert({
        tenant_id: channel.tenantId,
        incident_id: incidentId,
        alert_id: alertId,
        is_primary: true,
      });
    });
  }
});
