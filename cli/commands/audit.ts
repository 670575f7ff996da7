import { readFile } from 'node:fs/promises';
import { once } from 'node:events';
import type { Command } from 'commander';
import type { Knex } from 'knex';
import { z } from 'zod';
import { openPool } from '../../database/pool.js';
import { exportHeads, exportTrail, listChains } from '../../domain/audit/export.js';
import { readHead, verifyChain } from '../../domain/audit/verify.js';
import type { BreakKind, ChainBreak, ChainHead, Verification } from '../../domain/audit/verify.js';
import { withDatabaseAccess } from '../database-access.js';

export function register(program: Command): void {
  const audit = program.command('audit').description('the audit trail and its chain');
  audit
    .command('verify')
    .description('walk the chain of every tenant and name the first broken row; exit code 1 when there is one')
    .option('--tenant <id>', 'this chain only; 00000000-0000-0000-0000-000000000000 is the installation itself')
    .option('--heads <file>', 'heads that were exported earlier: finds deletion of the newest rows too')
    .action((options: { tenant?: string; heads?: string }) => inTrail((sql) => verify(sql, options)));
  audit
    .command('export')
    .description('write the trail as JSON lines, the head of each chain last')
    .option('--tenant <id>', 'this chain only')
    .option('--heads', 'the heads alone, to be kept outside of this database')
    .action((options: { tenant?: string; heads?: true }) => inTrail((sql) => exportLines(sql, options)));
}

const uuid = z.guid('--tenant must be the id of a tenant: npm run cli -- tenant list');
const headLine = z.object({ head: z.object({ tenantId: z.guid(), position: z.number().int(), hash: z.string() }) });

/** One snapshot for all chains, as a login that sees them; a login that does not would find nothing wrong. */
function inTrail<T>(work: (sql: Knex.Transaction) => Promise<T>): Promise<T> {
  return withDatabaseAccess(process.env, async ({ urls }) => {
    const pool = openPool(urls.system, 1, 'avian-cli');
    try {
      return await pool.transaction(
        async (sql) => {
          await refuseBlind(sql);
          await sql.raw('set local statement_timeout = 0');
          await sql.raw('set local idle_in_transaction_session_timeout = 0');
          return work(sql);
        },
        { isolationLevel: 'repeatable read', readOnly: true },
      );
    } finally {
      await pool.destroy();
    }
  });
}

async function refuseBlind(sql: Knex.Transaction): Promise<void> {
  const found = await sql.raw<{ rows: [{ login: string; sees: boolean }] }>(
    `select current_user as login, rolname = 'avian_system' or rolsuper or rolbypassrls as sees
     from pg_roles where rolname = current_user`,
  );
  const [{ login, sees }] = found.rows;
  if (!sees) {
    throw new Error(
      `The login ${login} does not see the whole trail. Set SYSTEM_DATABASE_URL to the login avian_system.`,
    );
  }
}

async function verify(sql: Knex.Transaction, options: { tenant?: string; heads?: string }): Promise<void> {
  const expected = options.heads ? await readHeads(options.heads) : new Map<string, ChainHead>();
  const chains = options.tenant
    ? [uuid.parse(options.tenant)]
    : [...new Set([...(await listChains(sql)), ...expected.keys()])];
  let broken = 0;
  for (const tenantId of chains) {
    const found = await verifyChain(sql, tenantId, expected.get(tenantId) ?? null);
    if (found.broken) broken += 1;
    process.stdout.write(`${verdict(found)}\n`);
  }
  process.stdout.write(`${chains.length - broken} of ${chains.length} chains are whole.\n`);
  if (broken > 0) process.exitCode = 1;
}

async function readHeads(file: string): Promise<Map<string, ChainHead>> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line.startsWith('{"head"'));
  const heads = lines.map((line) => headLine.parse(JSON.parse(line)).head);
  if (heads.length === 0) throw new Error(`${file} holds no heads. Make it with: npm run cli -- audit export --heads`);
  return new Map(heads.map((head) => [head.tenantId, head]));
}

function verdict({ head, sound, unsealed, broken }: Verification): string {
  const counts = `${sound} rows sound, ${unsealed} not yet sealed`;
  if (!broken) return `PASS  ${head.tenantId}  ${counts}, head ${head.position} ${head.hash.slice(0, 16)}`;
  return `FAIL  ${head.tenantId}  ${faultWords(broken)}; ${counts}`;
}

const faults: Readonly<Record<BreakKind, string>> = {
  changed: 'was changed, or stands in the wrong place',
  deleted: 'or its seal was deleted',
  inserted: 'was inserted behind the chain',
  reordered: 'stands in the place of another',
  head: 'and what follows are missing, or the head was changed',
};

function faultWords({ kind, position, auditId }: ChainBreak): string {
  const row = auditId === null ? 'the row' : `row ${auditId}`;
  return `${row}${position === null ? '' : ` at position ${position}`} ${faults[kind]}`;
}

async function exportLines(sql: Knex.Transaction, options: { tenant?: string; heads?: true }): Promise<void> {
  const chains = options.tenant ? [uuid.parse(options.tenant)] : await listChains(sql);
  if (!options.heads) {
    for (const tenantId of chains) for await (const row of exportTrail(sql, tenantId)) await writeLine({ row });
  }
  const heads = options.tenant ? [await readHead(sql, options.tenant)] : await exportHeads(sql);
  for (const head of heads) await writeLine({ head });
}

/** Waits for a slow reader, so that a large trail does not pile up in memory. */
async function writeLine(line: object): Promise<void> {
  if (!process.stdout.write(`${JSON.stringify(line)}\n`)) await once(process.stdout, 'drain');
}
