import type { Knex } from 'knex';

interface Constraint {
  readonly table: string;
  readonly name: string;
  readonly kind: 'unique' | 'foreign' | 'check';
  readonly columns: readonly string[];
  readonly definition: string;
}

const constraints: readonly Constraint[] = [
  unique('tenants', 'tenants_domain_key', ['domain']),
  unique('tenants', 'tenants_entra_tenant_id_key', ['entra_tenant_id']),
  unique('users', 'users_entra_identity_key', ['entra_tenant_id', 'aad_object_id']),
  {
    table: 'users',
    name: 'users_tenant_id_fkey',
    kind: 'foreign',
    columns: ['tenant_id'],
    definition: 'foreign key (tenant_id) references tenants (id) on delete cascade',
  },
  {
    table: 'users',
    name: 'users_entra_identity_whole',
    kind: 'check',
    columns: ['entra_tenant_id', 'aad_object_id'],
    definition: 'check ((entra_tenant_id is null) = (aad_object_id is null))',
  },
];

/** Adds the constraints of tenants and users that are missing; those added to an adopted table are noted for `down`. */
export async function ensureConstraints(knex: Knex): Promise<void> {
  for (const constraint of constraints) {
    if (await exists(knex, constraint)) continue;
    const { table, name, definition } = constraint;
    await knex.raw(`alter table ${table} add constraint ${name} ${definition}`);
    await knex.raw(
      'update app.adopted_tables set added_constraints = added_constraints || array[?]::text[] where table_name = ?',
      [name, table],
    );
  }
}

function unique(table: string, name: string, columns: readonly string[]): Constraint {
  return { table, name, kind: 'unique', columns, definition: `unique (${columns.join(', ')})` };
}

/** A platform may have the same rule under another name; a unique index is as good as a constraint. */
async function exists(knex: Knex, { table, kind, name, columns }: Constraint): Promise<boolean> {
  const attributes = `array(select attnum from pg_attribute
    where attrelid = 'public.${table}'::regclass and attname = any (?) order by attnum)`;
  const found = {
    check: ['select from pg_constraint where conname = ?', [name]],
    foreign: [
      `select from pg_constraint where conrelid = 'public.${table}'::regclass and contype = 'f' and conkey = ${attributes}`,
      [columns],
    ],
    unique: [
      `select from pg_index where indrelid = 'public.${table}'::regclass and indisunique and indpred is null
         and array(select unnest(indkey::int2[]) order by 1) = ${attributes}`,
      [columns],
    ],
  } as const;
  const [sql, bindings] = found[kind];
  const { rows } = await knex.raw<{ rows: unknown[] }>(sql, bindings as unknown as Knex.RawBinding[]);
  return rows.length > 0;
}
