import type { Database } from '../../database/transaction.js';
import { readList } from '../reading.js';
import type { AccessService } from '../services.js';
import { findCaller, tenantsForAdmin } from './actor-store.js';
import { identitiesFor, identity, membersFor } from './member-store.js';
import { resolveActor } from './resolve-actor.js';

export function createAccessService(db: Database): AccessService {
  return {
    resolveActor: (caller, tenantHint) => resolveActor(db, caller, tenantHint),
    memberships: async (caller) => {
      const { entraAccepted, person, memberships } = await findCaller(db, caller);
      if (!entraAccepted || !person?.active) return [];
      const entitled = person.installationAdmin ? await tenantsForAdmin(db, person.displayName) : memberships;
      return entitled
        .filter((one) => one.active)
        .map(({ tenantId, tenantName, role }) => ({ tenantId, tenantName, role }));
    },
    assignees: (actor) => readList(db, actor, 'members', (trx) => membersFor(trx, 'alert.work')),
    requesters: (actor) => readList(db, actor, 'members', (trx) => membersFor(trx, 'action.request')),
    withoutRightToRead: async (actor, people) => {
      const readers = await readList(db, actor, 'members', (trx) => identitiesFor(trx, 'read'));
      return people.filter((one) => !readers.has(identity(one.entraTenantId, one.aadObjectId)));
    },
  };
}
