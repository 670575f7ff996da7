import type { Database } from '../../database/transaction.js';
import { inTenant } from '../../database/transaction.js';
import { query } from '../query.js';
import { sentences } from '../sentences.js';
import type { Caller } from '../services.js';
import { recordAccessRefusal } from './access-refusals.js';
import type { Actor, Role } from './actor.js';
import type { KnownCaller } from './actor-store.js';
import { findCaller, tenantsForAdmin } from './actor-store.js';
import { AccessRefusal, chooseTenant } from './choose-tenant.js';

/** A verified caller becomes an actor in one tenant, or reads what is missing and who can grant it. Refusals are audited. */
export async function resolveActor(db: Database, caller: Caller, tenantHint: string | null): Promise<Actor> {
  try {
    return await judge(db, caller, await findCaller(db, caller), tenantHint);
  } catch (error) {
    if (error instanceof AccessRefusal) await recordAccessRefusal(db, caller, error);
    throw error;
  }
}

async function judge(db: Database, caller: Caller, known: KnownCaller, hint: string | null): Promise<Actor> {
  const person = knownPerson(known);
  const entitled = person.installationAdmin ? await everywhere(db, known, hint) : known;
  const tenantId = chooseTenant(entitled, caller, hint);
  const role = person.installationAdmin ? await grantedRole(db, known, tenantId) : memberRole(known, tenantId);
  const membership = known.memberships.find((one) => one.tenantId === tenantId);
  const { userId, displayName } = { ...person, ...(membership && { displayName: membership.displayName }) };
  const { entraTenantId, aadObjectId } = caller;
  return { userId, tenantId, role, displayName, entraTenantId, aadObjectId };
}

function knownPerson(known: KnownCaller): NonNullable<KnownCaller['person']> {
  const served = known.conversationTenantId;
  if (!known.entraAccepted) throw new AccessRefusal('entra_not_accepted', sentences.entraNotAccepted);
  if (!known.person) throw new AccessRefusal('unknown_person', sentences.unknownPerson, served);
  if (!known.person.active) throw new AccessRefusal('deactivated', sentences.personDeactivated, served);
  return known.person;
}

/** Where neither card nor conversation names a tenant, an installation admin may mean any of them. */
async function everywhere(db: Database, known: KnownCaller, hint: string | null): Promise<KnownCaller> {
  if (hint !== null || known.conversationTenantId !== null || !known.person) return known;
  return { ...known, memberships: await tenantsForAdmin(db, known.person.displayName) };
}

/** A tenant where one is no member and a tenant that does not exist get the same answer. */
function memberRole(known: KnownCaller, tenantId: string): Role {
  const membership = known.memberships.find((one) => one.tenantId === tenantId);
  if (!membership) throw new AccessRefusal('not_a_member', sentences.notAMember, known.conversationTenantId);
  if (!membership.active) throw new AccessRefusal('membership_inactive', sentences.membershipInactive, tenantId);
  return membership.role as Role;
}

/** An installation admin is super_admin in every tenant that is there and not closed, whatever row there is. */
async function grantedRole(db: Database, known: KnownCaller, tenantId: string): Promise<Role> {
  if (known.memberships.some((one) => one.tenantId === tenantId && one.active)) return 'super_admin';
  const found = await inTenant(db, tenantId, (trx) =>
    query(trx, 'select 1 from tenants where id = ? and is_active and closed_at is null', [tenantId]),
  );
  if (found.length === 0) throw new AccessRefusal('not_a_member', sentences.notAMember);
  return 'super_admin';
}
