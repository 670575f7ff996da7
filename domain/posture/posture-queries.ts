import type { Trx } from '../../database/transaction.js';
import { query } from '../query.js';
import type { PostureInputs } from './posture.js';

/**
 * Devices that count: neither gone nor superseded by a newer record of the same machine. A stub counts, since an alert comes
 * from a machine that somebody has.
 */
export const counted = (device: string) => `${device}.gone_at is null and ${device}.superseded_by is null`;

/** At or above: a high-risk device; a severe CVE. */
export const highRisk = 70;
export const severeCvss = 7;

interface Row {
  readonly deviceCount: number;
  readonly meanRisk: number | null;
  readonly highRiskDeviceCount: number;
  readonly known: number;
  readonly compliant: number;
  readonly critical: number;
  readonly high: number;
  readonly medium: number;
  readonly low: number;
  readonly severe: number;
  readonly completed: readonly string[];
}

/** States of Intune that say something; "unknown", "configManager" and words never seen do not. */
const knownStates = "('compliant', 'noncompliant', 'error', 'conflict', 'ingraceperiod')";

const devices = `select count(*)::int as "deviceCount", avg(risk_score)::float8 as "meanRisk",
    (count(*) filter (where risk_score >= ${highRisk}))::int as "highRiskDeviceCount",
    (count(*) filter (where lower(intune_compliance_state) in ${knownStates}))::int as known,
    (count(*) filter (where lower(intune_compliance_state) = 'compliant'))::int as compliant
  from edr_devices d where d.tenant_id = ? and ${counted('d')}`;

/** Escalated alerts are found from their open incidents: those of closed ones pile up for ever. */
const alerts = `select (count(*) filter (where severity = 'critical'))::int as critical,
    (count(*) filter (where severity = 'high'))::int as high,
    (count(*) filter (where severity = 'medium'))::int as medium,
    (count(*) filter (where severity = 'low'))::int as low
  from (
    select severity from security_alerts where tenant_id = ? and source_system = 'edr' and status = 'open'
    union all
    select severity from security_alerts where tenant_id = ? and source_system = 'edr'
      and status in ('assigned', 'investigating')
    union all
    select a.severity from security_incidents i
      join incident_alert_links l on l.tenant_id = i.tenant_id and l.incident_id = i.id
      join security_alerts a on a.tenant_id = l.tenant_id and a.id = l.alert_id
      where i.tenant_id = ? and i.status in ('open', 'in_progress') and a.source_system = 'edr'
        and a.status = 'escalated') active`;

const vulnerabilities = `select count(*)::int as severe from edr_vulnerabilities v
  where v.tenant_id = ? and v.cvss_score >= ${severeCvss} and exists (
    select from edr_device_vulnerabilities l join edr_devices d on d.tenant_id = l.tenant_id and d.id = l.device_id
    where l.tenant_id = v.tenant_id and l.vulnerability_id = v.id and ${counted('d')})`;

const completed = `select coalesce(array_agg(source) filter (where last_success_at is not null), '{}') as completed
  from sync_cursors where tenant_id = ?`;

/** What the formula is computed from, as it is now. A factor drops out until its sync has completed once. */
export async function readInputs(trx: Trx): Promise<PostureInputs> {
  const t = trx.tenantId;
  const [row] = await query<Row>(
    trx,
    `select d.*, a.*, v.*, c.* from (${devices}) d, (${alerts}) a, (${vulnerabilities}) v, (${completed}) c`,
    [t, t, t, t, t, t],
  );
  if (!row) throw new Error('an aggregate has one row');
  const has = (source: string) => row.completed.includes(source);
  const { deviceCount, highRiskDeviceCount, critical, high, medium, low, known, compliant } = row;
  return {
    deviceCount,
    highRiskDeviceCount,
    meanRisk: has('devices') ? row.meanRisk : null,
    activeAlerts: has('alerts') ? { critical, high, medium, low } : null,
    severeVulnerabilityCount: has('vulnerabilities') ? row.severe : null,
    compliance: has('compliance') ? { known, compliant } : null,
  };
}
