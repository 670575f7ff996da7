import type { Trx } from '../../database/transaction.js';
import { query } from '../query.js';
import { storable } from '../text.js';
import { addUnknownCves, cveKey } from './cve-store.js';
import type { SourceExposure, SourceExposureChange } from './vulnerability-source.js';

/**
 * Notes what a walk has met, with our ids, until the walk is over; some thousands at a time are best. A record of a device
 * that is unknown here is counted in the run and left out: devices are made by their own sync and by nobody else.
 */
export async function stageExposures(
  trx: Trx,
  runId: string,
  exposures: readonly (SourceExposure | SourceExposureChange)[],
): Promise<void> {
  await addUnknownCves(
    trx,
    exposures.filter((one) => !isFixed(one)),
  );
  const [row] = await query<{ unknown: number }>(
    trx,
    `with input as (
       select x.*, d.id as device_id
       from json_to_recordset(?::json) as x(device text, cve text, product text, fixed boolean, changed timestamptz, seen timestamptz)
       left join lateral (
         select id from edr_devices d where d.tenant_id = ? and d.microsoft_device_id = x.device limit 1) d on true),
     staged as (
       insert into sync_seen_vulnerabilities
         (tenant_id, run_id, device_id, vulnerability_id, product, is_fixed, changed_at, first_seen_at)
       select ?::uuid, ?::uuid, i.device_id, v.id, i.product, i.fixed, i.changed, i.seen from input i
       cross join lateral (select id from edr_vulnerabilities v where v.tenant_id = ? and v.cve_id = i.cve limit 1) v
       where i.device_id is not null)
     select count(*)::int as unknown from input where device_id is null`,
    [JSON.stringify(exposures.map(toInput)), trx.tenantId, trx.tenantId, runId, trx.tenantId],
  );
  if (row && row.unknown > 0) await addUnknownDevices(trx, runId, row.unknown);
}

async function addUnknownDevices(trx: Trx, runId: string, count: number): Promise<void> {
  await query(
    trx,
    `update sync_runs set errors = errors
       || jsonb_build_object('unknown_device', coalesce((errors ->> 'unknown_device')::int, 0) + ?::int)
     where tenant_id = ? and id = ?`,
    [count, trx.tenantId, runId],
  );
}

/** Whether anything was staged: a walk that met nothing proves nothing. */
export async function hasStaged(trx: Trx, runId: string): Promise<boolean> {
  const rows = await query(trx, 'select 1 from sync_seen_vulnerabilities where tenant_id = ? and run_id = ? limit 1', [
    trx.tenantId,
    runId,
  ]);
  return rows.length > 0;
}

function isFixed(one: SourceExposure | SourceExposureChange): boolean {
  return 'change' in one && one.change === 'fixed';
}

function toInput(one: SourceExposure | SourceExposureChange) {
  return {
    device: one.microsoftDeviceId,
    cve: cveKey(one.cveId),
    product: storable(one.product, 500),
    fixed: isFixed(one),
    changed: 'change' in one ? one.changedAt : null,
    seen: one.firstSeenAt,
  };
}
