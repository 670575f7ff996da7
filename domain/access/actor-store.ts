import type { Database } from '../../database/transaction.js';
import { inSystem } from '../../database/transaction.js';
import type { Caller } from '../services.js';
import { isUuid } from '../query.js';

export interface Membership {
  readonly tenantId: string;
  readonly tenantName: string;
  readonly role: string;
  /** As this tenant calls the person. */
  readonly displayName: string;
  /** False when the membership is switched off or the tenant is closed. */
  readonly active: boolean;
}

/** What we know of a verified caller before a tenant is known. */
export interface KnownCaller {
  readonly entraAccepted: boolean;
  /** Null for somebody whom the directory does not know. */
  readonly person: {
    readonly userId: string;
    readonly displayName: string;
    readonly active: boolean;
    readonly installationAdmin: boolean;
  } | null;
  readonly memberships: readonly Membership[];
  /** The tenant that the conversation serves. */
  readonly conversationTenantId: string | null;
}

interface Row {
  readonly user_id: string | null;
  readonly display_name: string | null;
  readonly is_active: boolean | null;
  readonly is_installation_admin: boolean;
  readonly entra_tenant_accepted: boolean;
  readonly tenant_id: string | null;
  readonly tenant_name: string | null;
  readonly role: string | null;
  readonly membership_active: boolean | null;
  readonly served: string | null;
}

/** One round trip, through the two look-ups that see more than one tenant. */
export async function findCaller(db: Database, caller: Caller): Promise<KnownCaller> {
  const { entraTenantId, aadObjectId } = caller;
  if (!isUuid(entraTenantId) || !isUuid(aadObjectId)) return nobody;
  const { rows } = await db.app.raw<{ rows: Row[] }>(
    `select a.*, (select c.tenant_id from app.find_conversation(?) c) as served from app.find_actor(?, ?) a`,
    [caller.conversationId, entraTenantId, aadObjectId],
  );
  const [first] = rows;
  return first ? toKnown(first, rows) : nobody;
}

const nobody: KnownCaller = { entraAccepted: false, person: null, memberships: [], conversationTenantId: null };

function toKnown(first: Row, rows: readonly Row[]): KnownCaller {
  return {
    entraAccepted: first.entra_tenant_accepted,
    person: toPerson(first),
    memberships: rows.flatMap(toMembership),
    conversationTenantId: first.served,
  };
}

function toPerson(row: Row): KnownCaller['person'] {
  if (row.user_id === null) return null;
  const { user_id: userId, display_name: name, is_active: active, is_installation_admin: installationAdmin } = row;
  return { userId, displayName: name ?? userId, active: active ?? false, installationAdmin };
}

function toMembership(row: Row): Membership[] {
  if (row.tenant_id === null) return [];
  const { tenant_id: tenantId, tenant_name: name, role, membership_active: active } = row;
  return [
    {
      tenantId,
      tenantName: name ?? '',
      role: role ?? '',
      displayName: row.display_name ?? '',
      active: active ?? false,
    },
  ];
}

/** Every tenant that is not closed, as an installation admin may enter it; at most 20, by name. */
export async function tenantsForAdmin(db: Database, displayName: string): Promise<Membership[]> {
  const { rows } = await inSystem(db, ({ system }) =>
    system.raw<{ rows: { id: string; name: string }[] }>(
      'select id, name from tenants where is_active and closed_at is null order by name, id limit 20',
    ),
  );
  return rows.map(({ id, name }) => ({
    tenantId: id,
    tenantName: name,
    role: 'super_admin',
    displayName,
    active: true,
  }));
}
