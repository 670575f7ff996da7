import type { Database, Trx } from '../../database/transaction.js';
import { inTenant } from '../../database/transaction.js';
import type { Actor } from '../access/actor.js';
import { admit } from '../access/admit.js';
import { authorise } from '../access/authorise.js';
import { recordAudit } from '../audit/record.js';
import { auditingRefusals } from '../audit/refusals.js';
import { claimReceipt } from '../change.js';
import { DomainError } from '../errors.js';
import type { SyncOrder, SyncService } from '../services.js';
import { askSync } from './ask-sync.js';
import { readConnectedTenant } from './connected-tenant.js';
import { syncSources } from './source.js';
import { readSyncStatus } from './status-queries.js';
import type { SyncStarted } from './sync-status.js';
import { syncSentences } from './sync-sentences.js';

/** What admins ask of the reading of their tenant: how it stands, and to do it now. */
export function createSyncService(db: Database): SyncService {
  return {
    status: (actor) => administering(db, actor, 'read', null, readSyncStatus),
    start: (order) =>
      administering(db, order.actor, 'sync.start', order.activityId, async (trx) => {
        const outcomes = (await claimReceipt(trx, 'sync.start', { ...order, entityId: 'sync' }))
          ? await begin(trx, order)
          : [];
        return { view: await readSyncStatus(trx), outcomes };
      }),
  };
}

/** Authorised, in one transaction of the actor's tenant, refusals audited. */
function administering<T>(
  db: Database,
  actor: Actor,
  action: string,
  activityId: string | null,
  work: (trx: Trx) => Promise<T>,
): Promise<T> {
  const attempt = { actor, action, entityType: 'sync', entityId: 'sync', activityId };
  return auditingRefusals(db, attempt, async () => {
    authorise(actor, 'administer');
    return inTenant(db, actor.tenantId, work);
  });
}

/** Sources in one order always, so that two who ask at once never wait for each other in a circle. */
async function begin(trx: Trx, { actor, activityId, sources, full }: SyncOrder): Promise<SyncStarted['outcomes']> {
  if ((await readConnectedTenant(trx)) === null) throw new DomainError('conflict', syncSentences.notConnected);
  await admit(trx, actor, activityId);
  const outcomes: SyncStarted['outcomes'][number][] = [];
  for (const source of syncSources.filter((one) => sources.includes(one)))
    outcomes.push({ source, outcome: await askSync(trx, source, full && source === 'vulnerabilities') });
  await recordAudit(trx, {
    by: { kind: 'person', id: actor.userId },
    action: 'sync.start',
    entity: { type: 'sync', id: 'sync' },
    after: { full, ...Object.fromEntries(outcomes.map(({ source, outcome }) => [source, outcome])) },
    activityId,
  });
  return outcomes;
}
