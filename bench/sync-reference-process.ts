import pg from 'pg';
import { microsoftCloud } from '../microsoft/cloud.js';
import { createTokens } from '../microsoft/tokens.js';
import { sandboxApp } from '../sandbox/cloud/tenants.js';
import { sandboxTransport } from '../sandbox/cloud/transport.js';
import { answerParent } from './peer.js';
import { quietLog } from './quiet-log.js';

export interface ReferenceQuestion {
  readonly adminUrl: string;
  readonly cloudUrl: string;
  readonly entraTenantId: string;
  /** Microsoft's addresses, in the order in which the sync asked for them. */
  readonly pages: readonly string[];
  /** Whose rows are loaded once more, and into which tenant. */
  readonly from: string;
  readonly to: string;
}

export interface ReferenceAnswer {
  readonly readMs: number;
  readonly loadMs: number;
  readonly rows: number;
}

const tables = [
  'edr_devices',
  'edr_compliance',
  'edr_vulnerabilities',
  'edr_device_vulnerabilities',
  'edr_alerts',
  'security_alerts',
] as const;
const rowsAtOnce = 1_000;

/** Reads the same pages and throws them away, then loads the same rows bare: as superuser, without row security. */
answerParent<ReferenceQuestion>(async (question) => {
  const readMs = await readPages(question);
  const client = new pg.Client({ connectionString: question.adminUrl });
  await client.connect();
  const loads: Load[] = [];
  for (const table of tables) loads.push(await prepare(client, table, question));
  const begun = performance.now();
  for (const load of loads) for (const batch of load.batches) await client.query(load.statement, [batch]);
  const loadMs = performance.now() - begun;
  await client.end();
  return { readMs, loadMs, rows: loads.reduce((sum, { rows }) => sum + rows, 0) } satisfies ReferenceAnswer;
});

async function readPages({ cloudUrl, entraTenantId, pages }: ReferenceQuestion): Promise<number> {
  const cloud = microsoftCloud('worldwide');
  const transport = sandboxTransport(cloudUrl);
  const { clientId, secret } = sandboxApp;
  const credentials = () => ({ clientId, credentials: [{ kind: 'secret' as const, secret }] });
  const tokens = createTokens({ cloud, transport, credentials, log: quietLog });
  const connection = { tenantId: entraTenantId, entraTenantId };
  const begun = performance.now();
  for (const page of pages) {
    const scope = cloud.graphHosts.has(new URL(page).host) ? cloud.graphScope : cloud.defenderScope;
    const token = await tokens.get(connection, scope, AbortSignal.timeout(60_000));
    const answer = await transport(page, { headers: { authorization: `Bearer ${token}` } });
    if (!answer.ok) throw new Error(`${page}: ${answer.status}`);
    await answer.json();
  }
  return performance.now() - begun;
}

interface Load {
  readonly statement: string;
  readonly batches: readonly string[];
  readonly rows: number;
}

/** Rows as JSON, a thousand in a statement, made before the clock runs; generated columns are left out. */
async function prepare(client: pg.Client, table: string, { from, to }: ReferenceQuestion): Promise<Load> {
  const columns = await client.query<{ names: string }>(
    `select string_agg(quote_ident(column_name), ', ') as names from information_schema.columns
     where table_schema = 'public' and table_name = $1 and is_generated = 'NEVER'`,
    [table],
  );
  const names = columns.rows[0]?.names ?? '';
  const found = await client.query<{ batch: string }>(
    `select json_agg(r)::text as batch from (
       select (to_jsonb(t) || jsonb_build_object('tenant_id', $2::text)) as r, (row_number() over () - 1) / ${rowsAtOnce} as n
       from ${table} t where tenant_id = $1) rows group by n order by n`,
    [from, to],
  );
  const counted = await client.query<{ rows: number }>(
    `select count(*)::int as rows from ${table} where tenant_id = $1`,
    [from],
  );
  const statement = `insert into ${table} (${names}) select ${names} from json_populate_recordset(null::${table}, $1)`;
  return { statement, batches: found.rows.map((row) => row.batch), rows: counted.rows[0]?.rows ?? 0 };
}
