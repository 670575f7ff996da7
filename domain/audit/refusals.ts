import type { Database } from '../../database/transaction.js';
import { inTenant } from '../../database/transaction.js';
import type { Actor } from '../access/actor.js';
import { DomainError } from '../errors.js';
import { recordAudit } from './record.js';

export interface Attempt {
  readonly actor: Actor;
  readonly action: string;
  readonly entityType: string;
  /** As the card sent it: untrusted. */
  readonly entityId: string;
  readonly activityId: string | null;
}

/** Runs `work`; what the domain refuses is audited in a transaction of its own before it is thrown on. */
export async function auditingRefusals<T>(db: Database, attempt: Attempt, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DomainError && isRefusal(error)) await recordRefusal(db, attempt, error);
    throw error;
  }
}

/** Wrong input and passing trouble are no attempts at what a person may not do. */
function isRefusal(error: DomainError): boolean {
  return error.code === 'refused' || error.code === 'conflict' || error.code === 'not_found';
}

async function recordRefusal(db: Database, attempt: Attempt, error: DomainError): Promise<void> {
  await inTenant(db, attempt.actor.tenantId, (trx) =>
    recordAudit(trx, {
      by: { kind: 'person', id: attempt.actor.userId },
      action: attempt.action,
      outcome: 'refused',
      entity: { type: attempt.entityType, id: attempt.entityId.slice(0, 100).replaceAll('\u0000', '') },
      after: { code: error.code },
      activityId: attempt.activityId,
    }),
  );
}
