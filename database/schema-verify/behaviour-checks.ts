import type { Client } from 'pg';
import { sqlStateOf } from './check.js';
import type { Check } from './check.js';
import { refusals } from './refusals.js';
import type { SampleIds } from './samples/sample.js';

/** What the schema refuses and what it does by itself, on the sample rows of one tenant. */
export function behaviourChecks(ids: SampleIds, other: SampleIds): Check[] {
  return [
    ...refusals.map((refusal) => ({
      name: `refused: ${refusal.name}`,
      run: (db: Client) => expectState(db, refusal.sql(ids), refusal.sqlState),
    })),
    {
      name: "refused: a reference to another tenant's row",
      run: (db: Client) =>
        expectState(
          db,
          `update edr_alerts set device_id = '${other.device}' where tenant_id = '${ids.tenant}'`,
          '23503',
        ),
    },
    { name: "trigger: a playbook's status is copied to its links", run: (db) => statusIsCopied(db, ids) },
    { name: 'trigger: updated_at never goes back', run: (db) => stampNeverGoesBack(db, ids) },
    { name: 'numbers are drawn per tenant', run: (db) => numbersPerTenant(db, ids) },
  ];
}

async function expectState(db: Client, sql: string, expected: string): Promise<string | null> {
  const state = await sqlStateOf(db, sql);
  if (state === expected) return null;
  return state === null ? 'it was accepted' : `it failed with ${state}, expected ${expected}`;
}

async function statusIsCopied(db: Client, ids: SampleIds): Promise<string | null> {
  await db.query("update investigation_playbooks set status = 'active' where id = $1", [ids.playbook]);
  const { rows } = await db.query<{ status: string }>(
    'select playbook_status as status from playbook_classification_links where playbook_id = $1',
    [ids.playbook],
  );
  return rows[0]?.status === 'active' ? null : `the link says ${rows[0]?.status ?? 'nothing'}`;
}

async function stampNeverGoesBack(db: Client, ids: SampleIds): Promise<string | null> {
  const insert = `insert into edr_vulnerabilities (tenant_id, cve_id, updated_at) values ($1, 'CVE-0', '2100-01-01')`;
  await db.query(insert, [ids.tenant]);
  const { rows } = await db.query<{ kept: boolean }>(
    `update edr_vulnerabilities set description = 'x', updated_at = '1970-01-01' where tenant_id = $1 and cve_id = 'CVE-0'
     returning updated_at = '2100-01-01' as kept`,
    [ids.tenant],
  );
  return rows[0]?.kept ? null : 'an update set it back';
}

async function numbersPerTenant(db: Client, ids: SampleIds): Promise<string | null> {
  const { rows } = await db.query<{ alert: number; incident: number }>(
    `select (select number from security_alerts where tenant_id = $1) as alert,
       (select number from security_incidents where tenant_id = $1) as incident`,
    [ids.tenant],
  );
  return rows[0]?.alert === 1 && rows[0].incident === 1 ? null : 'the first alert and incident are not number 1';
}
