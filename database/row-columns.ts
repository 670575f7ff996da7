import type { Client } from 'pg';

export interface ColumnFacts {
  readonly table: string;
  readonly tableComment: string | null;
  readonly name: string;
  readonly comment: string | null;
  /** As format_type() prints it, without length. */
  readonly type: string;
  readonly isEnum: boolean;
  readonly notNull: boolean;
  /** The only values that a CHECK of this one column allows; empty when there is no such CHECK. */
  readonly labels: readonly string[];
}

interface Row extends Omit<ColumnFacts, 'labels'> {
  readonly checks: readonly string[];
}

/** Columns in the order of table name and position, and the enums with their labels in order. */
export async function readColumns(
  client: Client,
): Promise<{ columns: ColumnFacts[]; enums: Map<string, readonly string[]> }> {
  const columns = await client.query<Row>(`
    select c.relname as table, obj_description(c.oid, 'pg_class') as "tableComment", a.attname as name,
      col_description(c.oid, a.attnum) as comment, format_type(a.atttypid, null) as type, t.typtype = 'e' as "isEnum",
      a.attnotnull as "notNull", array(select pg_get_constraintdef(o.oid) from pg_constraint o
        where o.conrelid = c.oid and o.contype = 'c' and o.conkey = array[a.attnum] order by o.conname) as checks
    from pg_class c join pg_attribute a on a.attrelid = c.oid join pg_type t on t.oid = a.atttypid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname not like 'knex\\_%'
      and a.attnum > 0 and not a.attisdropped
    order by c.relname collate "C", a.attnum`);
  const enums = await client.query<{ name: string; labels: string[] }>(`
    select t.typname as name, array_agg(e.enumlabel::text order by e.enumsortorder) as labels
    from pg_type t join pg_enum e on e.enumtypid = t.oid
    where t.typnamespace = 'public'::regnamespace group by t.typname order by t.typname collate "C"`);
  return {
    columns: columns.rows.map(({ checks, ...row }) => ({ ...row, labels: row.isEnum ? [] : labelsOf(checks) })),
    enums: new Map(enums.rows.map((row) => [row.name, row.labels])),
  };
}

const listed = /^CHECK \(\(\(?\w+\)?(?:::text)? = ANY \(\(?ARRAY\[([^\]]*)\]\)?(?:::text\[\])?\)\)\)$/;

/** Reads the labels of `CHECK (x IN ('a', 'b'))` as PostgreSQL prints it; any other CHECK has none. */
function labelsOf(checks: readonly string[]): string[] {
  const items = checks.map((check) => listed.exec(check)?.[1]).find((list) => list !== undefined);
  return items === undefined ? [] : [...items.matchAll(/'([^']*)'::/g)].map((match) => match[1] ?? '');
}
