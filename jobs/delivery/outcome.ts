import type { Trx } from '../../domain/transaction.js';
import { recordAudit } from '../../domain/audit/record.js';
import { finishUnsent, keepPending } from '../../domain/channels/delivery-store.js';
import type { Pending } from '../../domain/channels/delivery-store.js';
import type { DeliveryContext } from './context.js';

/** Nobody sends this row again by itself: it is kept for a person to decide, audited and counted by health. */
export async function park(
  context: DeliveryContext,
  trx: Trx,
  row: Pending,
  why: string,
  unknownOutcomes = row.unknownOutcomes,
): Promise<void> {
  if (!(await finishUnsent(trx, row, 'parked', why, unknownOutcomes))) return;
  await recordAudit(trx, {
    by: { kind: 'job', id: 'delivery' },
    action: 'delivery.parked',
    outcome: 'failed',
    ...(row.entityType && row.entityId ? { entity: { type: row.entityType, id: row.entityId } } : {}),
    after: { outboxId: row.id, kind: row.kind, why },
  });
  context.log.warn({ tenantId: trx.tenantId, outboxId: row.id, kind: row.kind, why }, 'an outgoing message was parked');
}

/** A card post may repeat once; a second one, and anything else, could be a duplicate. */
export async function afterUnknown(context: DeliveryContext, trx: Trx, row: Pending, why: string): Promise<void> {
  const unknownOutcomes = row.unknownOutcomes + 1;
  if (row.kind === 'card' && unknownOutcomes === 1) {
    await keepPending(trx, row.id, { why, unknownOutcomes });
  } else {
    await park(context, trx, row, `its outcome is unknown: ${why}`, unknownOutcomes);
  }
}
