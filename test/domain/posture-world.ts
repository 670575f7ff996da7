import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { insertMember } from '../helpers/people.js';

export interface MadeDevice {
  readonly risk?: number | null;
  readonly compliance?: string | null;
  readonly gone?: boolean;
  readonly superseded?: boolean;
  readonly name?: string;
  readonly rules?: unknown;
}

export interface MadeAlert {
  readonly severity: 'critical' | 'high' | 'medium' | 'low';
  readonly status: 'open' | 'assigned' | 'investigating' | 'escalated' | 'closed_benign' | 'closed_false_positive';
  readonly source?: 'edr' | 'email';
  /** Of the incident that an escalated alert belongs to. */
  readonly incident?: 'open' | 'in_progress' | 'resolved' | 'dismissed';
}

export interface MadeCve {
  readonly cveId: string;
  readonly cvss: number | null;
  /** Places in the list of devices. */
  readonly devices: readonly number[];
}

/** Says that syncs of these sources were completed, at a time. */
export async function completeSyncs(
  admin: Knex,
  tenantId: string,
  sources: readonly string[],
  at?: Date,
): Promise<void> {
  for (const source of sources) {
    await admin.raw(
      `insert into sync_cursors (tenant_id, source, last_success_at) values (?, ?, coalesce(?::timestamptz, app.now()))
       on conflict (tenant_id, source) do update set last_success_at = excluded.last_success_at`,
      [tenantId, source, at ?? null],
    );
  }
}

/** Rows as syncs would leave them; resolves to our ids of the devices. */
export async function insertDevices(admin: Knex, tenantId: string, devices: readonly MadeDevice[]): Promise<string[]> {
  const ids = devices.map(() => randomUUID());
  const newest = randomUUID();
  if (devices.some((device) => device.superseded))
    await admin('edr_devices').insert({ tenant_id: tenantId, id: newest, gone_at: new Date() });
  for (const [at, device] of devices.entries()) {
    await admin('edr_devices').insert({
      tenant_id: tenantId,
      id: ids[at],
      device_name: device.name ?? null,
      risk_score: device.risk ?? null,
      intune_compliance_state: device.compliance ?? null,
      gone_at: device.gone ? new Date() : null,
      superseded_by: device.superseded ? newest : null,
    });
    if (device.rules !== undefined)
      await admin('edr_compliance').insert({
        tenant_id: tenantId,
        device_id: ids[at],
        compliance_state: 'noncompliant',
        failed_rules: JSON.stringify(device.rules),
      });
  }
  return ids;
}

export async function insertAlerts(admin: Knex, tenantId: string, alerts: readonly MadeAlert[]): Promise<void> {
  const { userId } = await insertMember(admin, tenantId, { role: 'security_analyst' });
  for (const { severity, status, source, incident } of alerts) {
    const id = randomUUID();
    const isOpen = status === 'open';
    await admin.transaction(async (sql) => {
      await sql('security_alerts').insert({
        ...{ tenant_id: tenantId, id, source_system: source ?? 'edr', source_id: id, alert_type: 'x' },
        ...{ classification: 'malware', severity, title: 'An alert', status },
        ...{ assigned_to: isOpen ? null : userId, assigned_at: isOpen ? null : sql.raw('app.now()') },
      });
      if (incident) await insertIncident(sql, tenantId, userId, id, incident);
    });
  }
}

async function insertIncident(sql: Knex, tenantId: string, ownerId: string, alertId: string, status: string) {
  const incidentId = randomUUID();
  const isFinal = status === 'resolved' || status === 'dismissed';
  const now = new Date(Date.now() + 400 * 86_400_000);
  await sql('security_incidents').insert({
    ...{ tenant_id: tenantId, id: incidentId, owner_id: ownerId, title: 'Case', severity: 'high', status },
    ...{ sla_acknowledge_by: now, sla_investigate_by: now, sla_resolve_by: now },
    ...(isFinal ? { acknowledged_at: now, investigation_started_at: now, resolved_at: now } : {}),
    resolution_summary: status === 'resolved' ? 'done' : null,
    dismissal_justification: status === 'dismissed' ? 'a drill' : null,
  });
  await sql('incident_alert_links').insert({
    ...{ tenant_id: tenantId, incident_id: incidentId, alert_id: alertId, is_primary: true },
  });
}

export async function insertCves(
  admin: Knex,
  tenantId: string,
  cves: readonly MadeCve[],
  deviceIds: readonly string[],
): Promise<void> {
  for (const { cveId, cvss, devices } of cves) {
    const id = randomUUID();
    await admin('edr_vulnerabilities').insert({ tenant_id: tenantId, id, cve_id: cveId, cvss_score: cvss });
    const links = [...new Set(devices)].map((place) => ({ tenant_id: tenantId, device_id: deviceIds[place] }));
    if (links.length > 0)
      await admin('edr_device_vulnerabilities').insert(links.map((link) => ({ ...link, vulnerability_id: id })));
  }
}
