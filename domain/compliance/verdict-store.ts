import type { EdrComplianceRow } from '../../database/rows.js';
import type { Trx } from '../../database/transaction.js';
import { query, queryMany } from '../query.js';

/** A verdict of Intune as a sync of devices knows it; the rules that are failed come by another way. */
export interface DeviceVerdict {
  readonly id: string;
  readonly deviceId: string;
  readonly state: string;
  readonly checkedAt: Date;
}

/** Verdicts by our ids of devices. */
export async function readVerdicts(
  trx: Trx,
  deviceIds: readonly string[],
): Promise<ReadonlyMap<string, Omit<DeviceVerdict, 'deviceId'>>> {
  if (deviceIds.length === 0) return new Map();
  const found = await queryMany<DeviceVerdict>(
    trx,
    `select id, device_id as "deviceId", compliance_state as state, checked_at as "checkedAt" from edr_compliance
     where tenant_id = ? and device_id = any(?::uuid[])`,
    [trx.tenantId, deviceIds],
  );
  return new Map(found.map(({ deviceId, ...verdict }) => [deviceId, verdict]));
}

/**
 * Verdicts go where their devices went: `moved` by their ids, to our ids of devices. What stands at a device that lost its
 * verdict is removed. Two steps, because two devices may exchange theirs.
 */
export async function moveVerdicts(
  trx: Trx,
  moved: ReadonlyMap<string, string>,
  removed: readonly string[],
): Promise<void> {
  if (moved.size + removed.length === 0) return;
  const taken = await query<EdrComplianceRow>(
    trx,
    'delete from edr_compliance where tenant_id = ? and id = any(?::uuid[]) returning *',
    [trx.tenantId, [...moved.keys(), ...removed]],
  );
  const rows = taken.filter(({ id }) => moved.has(id)).map((row) => ({ ...row, device_id: moved.get(row.id) }));
  if (rows.length === 0) return;
  await query(
    trx,
    `insert into edr_compliance select (jsonb_populate_record(null::edr_compliance, r)).* from jsonb_array_elements(?::jsonb) r`,
    [JSON.stringify(rows)],
  );
}

/** New and changed verdicts. A device that complies fails no rule, even where rules cannot be read. */
export async function saveVerdicts(trx: Trx, verdicts: readonly DeviceVerdict[]): Promise<void> {
  if (verdicts.length === 0) return;
  await query(
    trx,
    `insert into edr_compliance (tenant_id, id, device_id, compliance_state, checked_at)
     select ?::uuid, x.id, x."deviceId", x.state, x."checkedAt"
     from json_to_recordset(?::json) as x(id uuid, "deviceId" uuid, state text, "checkedAt" timestamptz) order by x.id
     on conflict (tenant_id, device_id) do update set compliance_state = excluded.compliance_state,
       checked_at = excluded.checked_at,
       failed_rules = case when excluded.compliance_state = 'compliant' then '[]' else edr_compliance.failed_rules end`,
    [trx.tenantId, JSON.stringify(verdicts)],
  );
}
