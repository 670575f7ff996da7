import { recordAudit } from '../../domain/audit/record.js';
import { allTenants, prune, prunedKinds } from '../../domain/retention/prune-store.js';
import type { Pruned } from '../../domain/retention/prune-store.js';
import { inSystem, inTenant } from '../../domain/transaction.js';
import type { Database, Trx } from '../../domain/transaction.js';
import type { TaskHandlers } from '../queue/tasks.js';

/** Deletes what is older than it may be, in batches of `batchSize` rows, tenant by tenant. */
export function retentionTask(db: Database, batchSize = 1_000): TaskHandlers['retention'] {
  return async (_payload, { signal }) => {
    for (const tenantId of await inSystem(db, allTenants)) {
      if (signal.aborted) return;
      await pruneTenant(db, tenantId, batchSize, signal);
    }
  };
}

async function pruneTenant(db: Database, tenantId: string, batchSize: number, signal: AbortSignal): Promise<void> {
  for (const kind of prunedKinds) {
    let batch = batchSize;
    while (batch === batchSize && !signal.aborted) {
      batch = await inTenant(db, tenantId, (trx) => pruneBatch(trx, kind, batchSize));
    }
  }
}

/** What is deleted is said in the same transaction. */
async function pruneBatch(trx: Trx, kind: Pruned, batchSize: number): Promise<number> {
  const rows = await prune(trx, kind, batchSize);
  if (rows > 0)
    await recordAudit(trx, {
      by: { kind: 'job', id: 'retention' },
      action: 'retention.pruned',
      after: { [kind]: rows },
    });
  return rows;
}
