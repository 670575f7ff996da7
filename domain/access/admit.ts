import type { Trx } from '../../database/transaction.js';
import { recordAudit } from '../audit/record.js';
import type { Actor } from './actor.js';
import { ensureMember } from './member-store.js';

/** An installation admin acts in a tenant for the first time: the grant becomes a row there, with the act. */
export async function admit(trx: Trx, actor: Actor, activityId: string | null): Promise<void> {
  if (actor.role !== 'super_admin' || !(await ensureMember(trx, actor))) return;
  const by = { kind: 'person', id: actor.userId } as const;
  const entity = { type: 'member', id: actor.userId };
  await recordAudit(trx, { by, action: 'member.admit', entity, after: { role: actor.role }, activityId });
}
