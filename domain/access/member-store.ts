import type { Trx } from '../../database/transaction.js';
import { DomainError } from '../errors.js';
import { isUuid, query } from '../query.js';
import { sentences } from '../sentences.js';
import type { Actor, Person } from './actor.js';
import type { Capability } from './capabilities.js';
import { rolesFor } from './capabilities.js';

const person = 'm.user_id as "userId", m.display_name as "displayName", u.aad_object_id as "aadObjectId"';
const people = 'tenant_members m join users u on u.id = m.user_id';

/** Active members whose role may do the work, by name. */
export function membersFor(trx: Trx, capability: Capability): Promise<Person[]> {
  return query<Person>(
    trx,
    `select ${person} from ${people}
     where m.tenant_id = ? and m.is_active and u.is_active and m.role = any (?) order by m.display_name, m.user_id`,
    [trx.tenantId, rolesFor(capability)],
  );
}

/** The only thing that identifies a person of Teams. */
export function identity(entraTenantId: string, aadObjectId: string): string {
  return `${entraTenantId}/${aadObjectId}`.toLowerCase();
}

/** Identities of the active members whose role may do it; installation admins have a row once they acted here. */
export async function identitiesFor(trx: Trx, capability: Capability): Promise<ReadonlySet<string>> {
  const rows = await query<{ entra: string; object: string }>(
    trx,
    `select u.entra_tenant_id as entra, u.aad_object_id as object from ${people}
     where m.tenant_id = ? and m.is_active and u.is_active and m.role = any (?) and u.aad_object_id is not null`,
    [trx.tenantId, rolesFor(capability)],
  );
  return new Set(rows.map((row) => identity(row.entra, row.object)));
}

/** Somebody to whom work may be given; throws for a stranger, a deactivated person or a role that may not do it. */
export async function holderFor(trx: Trx, userId: string, capability: Capability, what: string): Promise<Person> {
  if (!isUuid(userId)) throw new DomainError('invalid', sentences.cannotHold('This person', what));
  const [row] = await query<Person & { fit: boolean }>(
    trx,
    `select ${person}, m.is_active and u.is_active and m.role = any (?) as fit from ${people}
     where m.tenant_id = ? and m.user_id = ?`,
    [rolesFor(capability), trx.tenantId, userId],
  );
  if (!row?.fit) throw new DomainError('invalid', sentences.cannotHold(row?.displayName ?? 'This person', what));
  return { userId: row.userId, displayName: row.displayName, aadObjectId: row.aadObjectId };
}

export async function memberName(trx: Trx, userId: string): Promise<string> {
  const [row] = await query<{ name: string }>(
    trx,
    'select display_name as name from tenant_members where tenant_id = ? and user_id = ?',
    [trx.tenantId, userId],
  );
  return row?.name ?? 'somebody else';
}

/** Gives an installation admin a row in this tenant, which references to people need; true when it was missing. */
export async function ensureMember(trx: Trx, actor: Actor): Promise<boolean> {
  const added = await query(
    trx,
    `insert into tenant_members as m (tenant_id, user_id, role, display_name) values (?, ?, ?, ?)
     on conflict (tenant_id, user_id) do update set role = excluded.role, is_active = true
       where m.role <> excluded.role or not m.is_active
     returning 1`,
    [trx.tenantId, actor.userId, actor.role, actor.displayName.slice(0, 255)],
  );
  return added.length > 0;
}
