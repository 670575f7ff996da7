import type { Knex } from 'knex';

const enums: readonly (readonly [name: string, labels: readonly string[]])[] = [
  ['alert_severity', ['critical', 'high', 'medium', 'low']],
  ['alert_status', ['open', 'assigned', 'investigating', 'escalated', 'closed_benign', 'closed_false_positive']],
  ['alert_source_system', ['edr', 'firewall', 'email']],
  ['incident_status', ['open', 'in_progress', 'resolved', 'dismissed']],
  ['playbook_status', ['active', 'draft', 'deprecated']],
];

/** Creates the enums. Throws when one of that name exists: a platform's labels may mean something else. */
export async function createEnums(knex: Knex): Promise<void> {
  await refuseExisting(knex);
  for (const [name, labels] of enums) {
    await knex.raw(`create type ${name} as enum (${labels.map((label) => `'${label}'`).join(', ')})`);
  }
}

export async function dropEnums(knex: Knex): Promise<void> {
  for (const [name] of enums.toReversed()) await knex.raw(`drop type ${name}`);
}

async function refuseExisting(knex: Knex): Promise<void> {
  const { rows } = await knex.raw<{ rows: { name: string; labels: string }[] }>(
    `select typname as name, coalesce(string_agg(enumlabel, ', ' order by enumsortorder), 'no labels') as labels
     from pg_type left join pg_enum on enumtypid = pg_type.oid
     where typnamespace = 'public'::regnamespace and typname = any (?) group by typname order by typname`,
    [enums.map(([name]) => name)],
  );
  if (rows.length === 0) return;
  const found = rows.map((row) => `${row.name} (${row.labels})`).join('; ');
  throw new Error(
    `Types of these names exist already: ${found}. They are not reused, since their labels may mean something else. ` +
      `Rename them first, for example ALTER TYPE ${rows[0]?.name ?? ''} RENAME TO platform_${rows[0]?.name ?? ''}; ` +
      'columns that use them follow. Nothing was changed.',
  );
}
