import type { AuditLogRow, SecurityAlertsRow } from '../../database/rows.js';
import { inTenant } from '../../database/transaction.js';
import { sealAudit } from '../../domain/audit/seal.js';
import { verifyChain } from '../../domain/audit/verify.js';
import { checkActs, checkStates } from './book-of-acts.js';
import { checkCards } from './book-of-cards.js';
import type { Ledger } from './ledger.js';
import type { Report } from './report.js';
import type { World } from './world.js';

export async function checkBooks(world: World, ledger: Ledger): Promise<Report> {
  const report: Report = { violations: [], figures: {} };
  await checkAlerts(world, ledger, report);
  const audit = await world.database.admin<AuditLogRow>('audit_log').orderBy('id');
  await checkActs(world, ledger, report, audit);
  await checkStates(world, report, audit);
  await checkCards(world, report);
  await checkChain(world, report);
  return report;
}

/** Every alert raised is one row, seen as often as Microsoft saw it. */
async function checkAlerts({ database }: World, ledger: Ledger, { violations, figures }: Report): Promise<void> {
  const rows = await database.admin<SecurityAlertsRow>('security_alerts');
  for (const [id, seen] of ledger.alerts) {
    const mine = rows.filter((row) => row.defender_alert_id === id);
    if (mine.length !== 1) violations.push(`alert ${id} is ${mine.length} rows`);
    else if (mine[0]?.seen_count !== seen)
      violations.push(`alert ${id} was seen ${seen} times, the row says ${mine[0]?.seen_count}`);
  }
  if (rows.length !== ledger.alerts.size) violations.push(`${rows.length} rows for ${ledger.alerts.size} alerts`);
  figures['alerts'] = ledger.alerts.size;
  figures['observations'] = [...ledger.alerts.values()].reduce((sum, one) => sum + one, 0);
}

async function checkChain({ database, tenantIds }: World, { violations, figures }: Report): Promise<void> {
  await sealAudit(database.db);
  const found = await inTenant(database.db, tenantIds.contoso, (trx) => verifyChain(trx.sql, tenantIds.contoso));
  if (found.broken) violations.push(`the audit chain is broken: ${JSON.stringify(found.broken)}`);
  if (found.unsealed > 0) violations.push(`${found.unsealed} audit rows are not sealed`);
  figures['auditRows'] = found.sound;
}
