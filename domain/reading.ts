import type { Database, Trx } from '../database/transaction.js';
import { inTenant } from '../database/transaction.js';
import type { Actor } from './access/actor.js';
import { authorise } from './access/authorise.js';
import { auditingRefusals } from './audit/refusals.js';
import { DomainError } from './errors.js';
import { sentences } from './sentences.js';

export interface Sought {
  readonly entityType: 'alert' | 'incident' | 'device' | 'action' | 'policy_change' | 'list';
  /** As it was asked for: untrusted. */
  readonly entityId: string;
}

/** Reads something of the actor's tenant; null becomes the uniform "not found here". Refusals are audited. */
export function reading<T>(
  db: Database,
  actor: Actor,
  sought: Sought,
  read: (trx: Trx) => Promise<T | null>,
): Promise<T> {
  return auditingRefusals(db, { actor, action: 'read', activityId: null, ...sought }, async () => {
    authorise(actor, 'read');
    const found = await inTenant(db, actor.tenantId, read);
    if (found === null) throw new DomainError('not_found', sentences.notFound);
    return found;
  });
}

/** A page of a list, which may be empty and is always there. */
export function readList<T>(db: Database, actor: Actor, list: string, read: (trx: Trx) => Promise<T>): Promise<T> {
  return reading(db, actor, { entityType: 'list', entityId: list }, read);
}
