/** A column of tenants or users, which may exist already in the database of an AVIAN platform. */
export interface Column {
  readonly name: string;
  /** As in CREATE TABLE, without the name. */
  readonly definition: string;
  /** Differs from `definition` where existing rows could not satisfy it. */
  readonly whenAdded?: string;
  /** Types, as format_type() prints them without their length, that an existing column may have. */
  readonly types: readonly string[];
}

const text = ['character varying', 'text'];
const stamp = ['timestamp with time zone'];
const created = { definition: 'timestamptz not null default app.now()', types: stamp };

export const tenantColumns: readonly Column[] = [
  { name: 'id', definition: 'uuid primary key default gen_random_uuid()', types: ['uuid'] },
  { name: 'name', definition: 'varchar(255) not null', whenAdded: "varchar(255) not null default ''", types: text },
  { name: 'domain', definition: 'varchar(255)', types: text },
  { name: 'settings', definition: "jsonb not null default '{}'", types: ['jsonb'] },
  { name: 'is_active', definition: 'boolean not null default true', types: ['boolean'] },
  { name: 'created_at', ...created },
  { name: 'updated_at', ...created },
  { name: 'entra_tenant_id', definition: 'uuid', types: ['uuid'] },
  { name: 'closed_at', definition: 'timestamptz', types: stamp },
];

export const userColumns: readonly Column[] = [
  { name: 'id', definition: 'uuid primary key default gen_random_uuid()', types: ['uuid'] },
  { name: 'tenant_id', definition: 'uuid not null', whenAdded: 'uuid', types: ['uuid'] },
  { name: 'email', definition: 'varchar(255)', types: text },
  { name: 'first_name', definition: 'varchar(255)', types: text },
  { name: 'last_name', definition: 'varchar(255)', types: text },
  { name: 'role', definition: "varchar(50) not null default 'user'", types: text },
  { name: 'is_active', definition: 'boolean not null default true', types: ['boolean'] },
  { name: 'created_at', ...created },
  { name: 'updated_at', ...created },
  { name: 'entra_tenant_id', definition: 'uuid', types: ['uuid'] },
  { name: 'aad_object_id', definition: 'uuid', types: ['uuid'] },
];

export const tenantComments = {
  id: 'The tenant of every tenant_id; never confuse it with entra_tenant_id',
  settings: 'What this tenant sets for itself; absent keys mean the default',
  is_active: 'False stops sync, delivery and every right in the tenant',
  entra_tenant_id: 'The Microsoft tenant whose data is synced',
  closed_at: 'When the product closed the tenant; erasure follows by CLI',
};

export const userComments = {
  tenant_id: 'Home tenant; what a person may do where stands in tenant_members',
  role: 'Informational; tenant_members.role grants',
  entra_tenant_id: 'With aad_object_id the only identity that a Teams activity is trusted for',
  aad_object_id: 'Entra object id of the person within entra_tenant_id',
};
