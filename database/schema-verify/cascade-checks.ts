import type { Client } from 'pg';
import { sqlStateOf } from './check.js';
import type { Check } from './check.js';
import { exemptions } from './expected/exempt.js';
import { samples } from './samples/all.js';
import type { SampleIds } from './samples/sample.js';

/** What goes with a deleted row, and what stays. */
export function cascadeChecks(ids: SampleIds, other: SampleIds): Check[] {
  const ofDevice = ['edr_alerts', 'edr_compliance', 'edr_actions', 'edr_device_vulnerabilities'];
  return [
    ...ofDevice.map((table) => ({
      name: `cascade: a deleted device takes its ${table}`,
      run: async (db: Client) => {
        await db.query('delete from edr_devices where id = $1', [ids.device]);
        return expectRows(db, table, ids, 0);
      },
    })),
    { name: 'cascade: a deleted device leaves its security alert, without device', run: (db) => alertStays(db, ids) },
    {
      name: 'cascade: a deleted vulnerability takes its device links',
      run: async (db) => {
        await db.query('delete from edr_vulnerabilities where id = $1', [ids.vulnerability]);
        return expectRows(db, 'edr_device_vulnerabilities', ids, 0);
      },
    },
    { name: 'cascade: a deleted incident takes its links and no alert', run: (db) => incidentGoes(db, ids) },
    { name: 'cascade: a deleted tenant takes all its rows and no others', run: (db) => tenantGoes(db, ids, other) },
    { name: 'refused: deleting a tenant whose people are members elsewhere', run: (db) => tenantStays(db, ids, other) },
  ];
}

async function expectRows(db: Client, table: string, ids: SampleIds, expected: number): Promise<string | null> {
  const { rows } = await db.query<{ count: number }>(`select count(*)::int from ${table} where tenant_id = $1`, [
    ids.tenant,
  ]);
  const count = rows[0]?.count ?? 0;
  return count === expected ? null : `${table} has ${count} rows of the tenant, expected ${expected}`;
}

async function alertStays(db: Client, ids: SampleIds): Promise<string | null> {
  await db.query('delete from edr_devices where id = $1', [ids.device]);
  const { rows } = await db.query<{ device_id: string | null }>('select device_id from security_alerts where id = $1', [
    ids.alert,
  ]);
  if (!rows[0]) return 'the alert is gone';
  return rows[0].device_id === null ? null : 'the alert still names the device';
}

async function incidentGoes(db: Client, ids: SampleIds): Promise<string | null> {
  await db.query('delete from security_incidents where id = $1', [ids.incident]);
  await db.query('set constraints all immediate');
  return (await expectRows(db, 'incident_alert_links', ids, 0)) ?? (await expectRows(db, 'security_alerts', ids, 1));
}

async function tenantGoes(db: Client, ids: SampleIds, other: SampleIds): Promise<string | null> {
  if (await platformKeepsPeople(db)) return null;
  await db.query('delete from tenants where id = $1', [ids.tenant]);
  await db.query('set constraints all immediate');
  const owned = samples.filter(({ table }) => !exemptions[table]?.from.includes('reference'));
  for (const { table } of owned) {
    const fault = (await expectRows(db, table, ids, 0)) ?? (await expectRows(db, table, other, 1));
    if (fault) return fault;
  }
  return null;
}

async function tenantStays(db: Client, ids: SampleIds, other: SampleIds): Promise<string | null> {
  const member = `insert into tenant_members (tenant_id, user_id, role, display_name) values ($1, $2, 'user', 'Verify')`;
  await db.query(member, [other.tenant, ids.user]);
  const state = await sqlStateOf(db, 'delete from tenants where id = $1', [ids.tenant]);
  return state === '23503' ? null : `it ended with ${state ?? 'success'}`;
}

/** An adopted users table keeps the delete rule of its platform, which then erases people before their tenant. */
async function platformKeepsPeople(db: Client): Promise<boolean> {
  const { rows } = await db.query(
    `select from pg_constraint c join app.adopted_tables a on a.table_name = 'users'
     where c.conrelid = 'public.users'::regclass and c.confrelid = 'public.tenants'::regclass and c.confdeltype <> 'c'`,
  );
  return rows.length > 0;
}
