import type { SystemTrx, Trx } from '../../database/transaction.js';
import { recordAudit } from '../audit/record.js';
import { planForAnyTenant } from '../planning.js';
import { query } from '../query.js';
import { postureOf } from './formula.js';
import { readInputs } from './posture-queries.js';
import type { Posture } from './posture.js';

/** stored: a row was added; unchanged: nothing is due; insufficient: no device is known, so there is no row. */
export type Storing = 'stored' | 'unchanged' | 'insufficient';

/** A row of the history, as far as it is compared: what it says, and whether it is a day old or older than a sync. */
interface Latest {
  readonly figures: string;
  readonly isDayOld: boolean;
  readonly isOutdated: boolean;
}

/** What is due is looked for once an hour, so that a whole day would leave out a day now and then. */
const dayLessSchedule = "interval '23 hours'";

const figureColumns = `score, device_count, high_risk_device_count, active_alert_count, critical_vulnerability_count,
  non_compliant_device_count, device_risk_factor, alert_factor, vulnerability_factor, compliance_factor`;

/**
 * Adds the posture of now to the history, unless nothing changed since the newest row or no sync was completed since: at
 * most one row for each sync. A row that is a day old is followed by one in any case, so that there is one for every day.
 */
export async function storePosture(trx: Trx): Promise<Storing> {
  await query(trx, "select pg_advisory_xact_lock(hashtextextended('posture/' || ?::text, 7742))", [trx.tenantId]);
  const latest = await readLatest(trx);
  if (latest && !latest.isDayOld && !latest.isOutdated) return 'unchanged';
  await planForAnyTenant(trx);
  const posture = postureOf(await readInputs(trx));
  if (!posture) return 'insufficient';
  const figures = figuresOf(posture);
  if (latest && !latest.isDayOld && latest.figures === textOf(figures)) return 'unchanged';
  await insertRow(trx, figures);
  await recordAudit(trx, {
    by: { kind: 'job', id: 'posture' },
    action: 'posture.stored',
    after: { score: posture.score, band: posture.band },
  });
  return 'stored';
}

/** Open tenants that will soon be without a row of the last day, whose devices were read at some time. */
export async function tenantsWithoutPosture({ system }: SystemTrx): Promise<string[]> {
  const found = await system.raw<{ rows: { id: string }[] }>(
    `select t.id from tenants t where t.is_active and t.closed_at is null
       and exists (select from sync_cursors c where c.tenant_id = t.id and c.last_success_at is not null)
       and not exists (select from edr_posture_scores p where p.tenant_id = t.id
         and p.calculated_at > app.now() - ${dayLessSchedule})
     order by t.id`,
  );
  return found.rows.map((row) => row.id);
}

/** In the order of `figureColumns`; factors to the two digits that their columns have. */
export function figuresOf({ score, inputs, factors }: Posture): readonly (string | null)[] {
  const { activeAlerts, compliance } = inputs;
  const active = activeAlerts ? Object.values(activeAlerts).reduce((sum, count) => sum + count, 0) : 0;
  const counts = [
    score,
    inputs.deviceCount,
    inputs.highRiskDeviceCount,
    active,
    inputs.severeVulnerabilityCount ?? 0,
    compliance ? compliance.known - compliance.compliant : 0,
  ];
  const { deviceRisk, alerts, vulnerabilities } = factors;
  const parts = [deviceRisk, alerts, vulnerabilities, factors.compliance];
  return [...counts.map(String), ...parts.map((factor) => factor?.toFixed(2) ?? null)];
}

export const textOf = (figures: readonly (string | null)[]) => figures.map((figure) => figure ?? '-').join(' ');

/** The figures of a row as `textOf` writes them. */
export const figuresText = `array_to_string(array[${figureColumns
  .split(',')
  .map((column) => `${column.trim()}::text`)
  .join(', ')}], ' ', '-')`;

async function readLatest(trx: Trx): Promise<Latest | null> {
  const [row] = await query<Latest>(
    trx,
    `select ${figuresText} as figures, calculated_at <= app.now() - ${dayLessSchedule} as "isDayOld",
       exists (select from sync_cursors c where c.tenant_id = p.tenant_id and date_trunc('milliseconds', c.last_success_at) > p.calculated_at) as "isOutdated"
     from edr_posture_scores p where tenant_id = ? order by calculated_at desc, id desc limit 1`,
    [trx.tenantId],
  );
  return row ?? null;
}

async function insertRow(trx: Trx, figures: readonly (string | null)[]): Promise<void> {
  await query(
    trx,
    `insert into edr_posture_scores (tenant_id, ${figureColumns}, calculated_at, created_at)
     select ?::uuid, ?::int, ?::int, ?::int, ?::int, ?::int, ?::int, ?::numeric, ?::numeric, ?::numeric, ?::numeric, t.now, t.now
     from (select ?::timestamptz as now) t`,
    [trx.tenantId, ...figures, trx.now],
  );
}
