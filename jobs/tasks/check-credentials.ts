import type { CredentialEnd } from '../../domain/health/credential-ends.js';
import { connectedTenants, tellOfEnds } from '../../domain/health/credential-notices.js';
import { inSystem, inTenant } from '../../domain/transaction.js';
import type { Database } from '../../domain/transaction.js';
import type { TaskHandlers } from '../queue/tasks.js';

/** Tells the admins of every connected tenant 30, 14, 7 and 1 days before a credential ends, and once it has ended. */
export function checkCredentialsTask(
  db: Database,
  credentialEnds: () => readonly CredentialEnd[],
): TaskHandlers['check_credentials'] {
  return async (_payload, { signal }) => {
    const ends = credentialEnds();
    if (ends.length === 0) return;
    for (const tenantId of await inSystem(db, connectedTenants)) {
      if (signal.aborted) return;
      await inTenant(db, tenantId, (trx) => tellOfEnds(trx, ends));
    }
  };
}
