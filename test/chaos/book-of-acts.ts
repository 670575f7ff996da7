import type { AuditLogRow, SecurityAlertsRow, SecurityIncidentsRow } from '../../database/rows.js';
import type { Ledger } from './ledger.js';
import type { Report } from './report.js';
import type { World } from './world.js';

/** What was acknowledged stands in the audit once; nothing stands there twice, or without anybody having asked for it. */
export async function checkActs(
  { database }: World,
  ledger: Ledger,
  { violations, figures }: Report,
  audit: readonly AuditLogRow[],
): Promise<void> {
  const users = await database.admin<{ id: string; aad_object_id: string }>('users');
  const userOf = new Map(users.map((user) => [user.aad_object_id, user.id]));
  const done = audit.filter(
    (row) => row.outcome === 'done' && row.actor_kind === 'person' && /^(alert|incident)\.(?!create)/.test(row.action),
  );
  const unclaimed = new Set(done);
  let acknowledged = 0;
  for (const act of ledger.acts.values()) {
    const mine = done.filter((row) => row.activity_id !== null && act.activityIds.has(row.activity_id));
    for (const row of mine) unclaimed.delete(row);
    const what = `${act.verb} of ${act.entityId}`;
    if (mine.length > 1) violations.push(`${what} was done ${mine.length} times`);
    if (act.acknowledged) acknowledged += 1;
    // Starting work that is under way is no fault and no deed.
    if (act.acknowledged && mine.length === 0 && act.verb !== 'incident.start')
      violations.push(`${what} was acknowledged and is lost`);
    for (const row of mine) {
      if (row.entity_id !== act.entityId || row.action !== act.verb || row.actor !== userOf.get(act.person))
        violations.push(`${what} became ${row.action} of ${row.entity_id ?? 'nothing'}`);
    }
  }
  for (const row of unclaimed)
    violations.push(`${row.action} of ${row.entity_id ?? 'nothing'} was asked for by nobody`);
  Object.assign(figures, {
    acts: ledger.acts.size,
    deliveries: ledger.deliveries,
    acknowledged,
    done: done.length,
    refusals: ledger.refused,
    unanswered: ledger.unanswered,
  });
}

/** The deeds of the audit, one after the other, lead to the state that the row has. */
export async function checkStates(
  { database }: World,
  { violations, figures }: Report,
  audit: readonly AuditLogRow[],
): Promise<void> {
  const alerts = await database.admin<SecurityAlertsRow>('security_alerts');
  const incidents = await database.admin<SecurityIncidentsRow>('security_incidents');
  const last = new Map<string, string>();
  for (const row of audit) {
    if (row.outcome !== 'done' || row.entity_id === null) continue;
    const [before, after] = [statusOf(row.before), statusOf(row.after)];
    if (before !== null && before !== (last.get(row.entity_id) ?? 'open'))
      violations.push(
        `${row.action} of ${row.entity_id} began at ${before}, not at ${last.get(row.entity_id) ?? 'open'}`,
      );
    if (after !== null) last.set(row.entity_id, after);
  }
  for (const { id, status } of [...alerts, ...incidents]) {
    if (status !== (last.get(id) ?? 'open'))
      violations.push(`${id} is ${status}, the audit says ${last.get(id) ?? 'open'}`);
  }
  const escalated = alerts.filter((alert) => alert.status === 'escalated').length;
  if (incidents.length !== escalated)
    violations.push(`${incidents.length} incidents for ${escalated} escalated alerts`);
  figures['incidents'] = incidents.length;
}

function statusOf(fields: unknown): string | null {
  const status = (fields as { status?: unknown } | null)?.status;
  return typeof status === 'string' ? status : null;
}
