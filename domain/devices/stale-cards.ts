import type { Trx } from '../../database/transaction.js';
import { markStale } from '../channels/outbox.js';
import type { StaleRef } from '../channels/outbox.js';
import { queryMany } from '../query.js';
import type { Desk } from './desk.js';
import type { MirrorDevice } from './mirror-device.js';

/** Posted cards of open work whose device is shown otherwise after a merge are drawn anew. */
export async function refreshCards(trx: Trx, desk: Desk): Promise<void> {
  const changed = [...desk.before.values()]
    .map((before) => ({ before, after: desk.rows.get(desk.absorbed.get(before.id) ?? before.id) }))
    .filter(({ before, after }) => after && shown(before) !== shown(after));
  await refreshCardsOf(trx, [...new Set(changed.flatMap(({ after }) => after?.id ?? []))]);
}

/** Posted cards of open alerts and incidents of these devices are drawn anew. */
export async function refreshCardsOf(trx: Trx, deviceIds: readonly string[]): Promise<void> {
  if (deviceIds.length === 0) return;
  const stale = await queryMany<Pick<StaleRef, 'entity' | 'id'>>(
    trx,
    `with affected as materialized (
       select id from security_alerts where tenant_id = ? and device_id = any(?::uuid[])
         and status in ('open', 'assigned', 'investigating', 'escalated'))
     select 'alert' as entity, id from affected
     union all
     select distinct 'incident', l.incident_id from affected a
     join incident_alert_links l on l.tenant_id = ? and l.alert_id = a.id`,
    [trx.tenantId, deviceIds, trx.tenantId],
  );
  await markStale(
    trx,
    stale.map((ref) => ({ ...ref, mode: 'refresh' })),
  );
}

/** What these cards say of a device; when it was seen last is not among it. */
function shown({ name, riskScore, health, compliance, onboarding, microsoftDeviceId }: MirrorDevice): string {
  return JSON.stringify([name, riskScore, health, compliance, onboarding, microsoftDeviceId]);
}
