import type { Client } from 'pg';
import type { Check } from './check.js';
import { expectedEnums } from './expected/enums.js';

/** Logins and functions that isolation rests on, and the enums. */
export const roleChecks: readonly Check[] = [
  ...(['avian_app', 'avian_system'] as const).map((role) => ({
    name: `login ${role}: bound by row security`,
    run: (db: Client) => loginFault(db, role),
  })),
  { name: 'functions with rights of their owner: search_path fixed, closed to PUBLIC', run: openFunctions },
  ...Object.entries(expectedEnums).map(([name, labels]) => ({
    name: `enum ${name}`,
    run: (db: Client) => enumFault(db, name, labels),
  })),
];

async function loginFault(db: Client, role: string): Promise<string | null> {
  const { rows } = await db.query<{ fault: string | null }>(
    `select case
       when rolsuper or rolbypassrls then 'it bypasses row security'
       when exists (select from pg_class where relowner = r.oid and relnamespace = 'public'::regnamespace)
         then 'it owns tables'
       when exists (select from pg_auth_members where member = r.oid) then 'it is a member of another role'
     end as fault from pg_roles r where rolname = $1`,
    [role],
  );
  return rows[0] ? rows[0].fault : 'the role is missing';
}

async function openFunctions(db: Client): Promise<string | null> {
  const { rows } = await db.query<{ name: string }>(
    `select p.oid::regprocedure::text as name from pg_proc p
     where p.pronamespace = 'app'::regnamespace and p.prosecdef
       and (coalesce(array_to_string(p.proconfig, ' '), '') !~ 'search_path='
         or has_function_privilege('public', p.oid, 'execute'))`,
  );
  return rows.length === 0 ? null : rows.map((row) => row.name).join(', ');
}

async function enumFault(db: Client, name: string, labels: readonly string[]): Promise<string | null> {
  const { rows } = await db.query<{ label: string }>(
    `select enumlabel as label from pg_enum join pg_type t on t.oid = enumtypid
     where typname = $1 and typnamespace = 'public'::regnamespace order by enumsortorder`,
    [name],
  );
  const found = rows.map((row) => row.label);
  return labels.every((label, place) => found[place] === label)
    ? null
    : `its labels are ${found.join(', ') || 'missing'}`;
}
