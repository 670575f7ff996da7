import type { Client } from 'pg';

export interface TableFacts {
  readonly name: string;
  readonly comment: string | null;
  readonly enabled: boolean;
  readonly forced: boolean;
  /** Type with length, and `not null`, by column. */
  readonly columns: Readonly<Record<string, string>>;
  readonly primaryKey: readonly string[];
  /** As pg_get_constraintdef() prints them, without the leading FOREIGN KEY, UNIQUE or CHECK. */
  readonly references: readonly string[];
  readonly indexes: readonly IndexFacts[];
  readonly policies: readonly PolicyFacts[];
  readonly triggers: readonly string[];
}

export interface IndexFacts {
  readonly name: string;
  readonly unique: boolean;
  /** Columns with their order, then `where` and the predicate if there is one. */
  readonly definition: string;
  readonly columns: readonly string[];
  readonly predicate: string | null;
}

export interface PolicyFacts {
  readonly name: string;
  readonly command: string;
  readonly roles: readonly string[];
  readonly using: string | null;
  readonly check: string | null;
}

/** Every table of the schema public but Knex's own, by name. */
export async function readCatalog(db: Client): Promise<Map<string, TableFacts>> {
  const { rows } = await db.query<TableFacts>(tablesSql);
  return new Map(rows.map((row) => [row.name, row]));
}

const columnsSql = `select coalesce(json_object_agg(attname, format_type(atttypid, atttypmod)
    || case when attnotnull then ' not null' else '' end), '{}')
  from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped`;

const primaryKeySql = `select coalesce(json_agg(a.attname order by k.place), '[]')
  from pg_constraint o, unnest(o.conkey) with ordinality k (attnum, place)
  join pg_attribute a on a.attnum = k.attnum where a.attrelid = c.oid and o.conrelid = c.oid and o.contype = 'p'`;

const referencesSql = `select coalesce(json_agg(replace(pg_get_constraintdef(oid), 'FOREIGN KEY ', '')), '[]')
  from pg_constraint where conrelid = c.oid and contype = 'f' and conparentid = 0`;

const indexesSql = `select coalesce(json_agg(json_build_object('name', x.relname, 'unique', i.indisunique,
    'definition', lower(regexp_replace(pg_get_indexdef(x.oid), '^.* USING btree ', '')),
    'columns', array(select pg_get_indexdef(x.oid, k, true) || ' ' || i.indoption[k - 1]
      from generate_series(1, i.indnkeyatts) k),
    'predicate', pg_get_expr(i.indpred, i.indrelid)) order by x.relname), '[]')
  from pg_index i join pg_class x on x.oid = i.indexrelid where i.indrelid = c.oid and i.indisvalid`;

const policiesSql = `select coalesce(json_agg(json_build_object('name', policyname, 'command', cmd, 'roles', roles,
    'using', qual, 'check', with_check)), '[]')
  from pg_policies where schemaname = 'public' and tablename = c.relname`;

const triggersSql = `select coalesce(json_agg(replace(pg_get_triggerdef(oid), 'public.', '')), '[]')
  from pg_trigger where tgrelid = c.oid and not tgisinternal`;

const tablesSql = `
  select c.relname as name, obj_description(c.oid, 'pg_class') as comment, c.relrowsecurity as enabled,
    c.relforcerowsecurity as forced, (${columnsSql}) as columns, (${primaryKeySql}) as "primaryKey",
    (${referencesSql}) as references, (${indexesSql}) as indexes, (${policiesSql}) as policies, (${triggersSql}) as triggers
  from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname not like 'knex\\_%'
  order by c.relname collate "C"`;
