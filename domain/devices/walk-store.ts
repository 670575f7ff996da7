import type { Trx } from '../../database/transaction.js';
import { query, queryMany } from '../query.js';
import { noteSeen } from '../sync/seen-store.js';
import { settleAnew } from './merge.js';
import type { WalkRun } from './merge.js';
import { mergeAlone } from './merge-lock.js';
import { strikes } from './mirror-device.js';

/** Which of the two sources walked, and how the mirror counts its walks. */
const sides = {
  defender: { id: 'microsoft_device_id', missed: 'missed_syncs' },
  intune: { id: 'intune_device_id', missed: 'intune_missed_syncs' },
} as const;
type Side = keyof typeof sides;
/** Entra ids whose devices are in memory together. */
const settledAtOnce = 1_000;

/** Devices that the walk met in a record that could not be read are there all the same. */
export async function noteMet(trx: Trx, { runId }: WalkRun, side: Side, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const { id, missed } = sides[side];
  const met = await query<{ id: string }>(
    trx,
    `update edr_devices set ${missed} = 0, gone_at = null
     where tenant_id = ? and ${id} = any(?::text[]) returning id`,
    [trx.tenantId, ids],
  );
  await noteSeen(
    trx,
    runId,
    met.map((row) => row.id),
  );
}

interface Struck {
  readonly id: string;
  readonly aadDeviceId: string | null;
  readonly isOut: boolean;
  readonly isGone: boolean;
}

/**
 * After a complete walk: a device that it did not meet has missed it, and one that missed two in a row is not there any more.
 * A walk that met nothing says nothing. Resolves to how many devices are gone with that, from both sources.
 */
export async function strikeMissing(trx: Trx, run: WalkRun, side: Side): Promise<number> {
  await mergeAlone(trx);
  const out = (await strike(trx, run, side)).filter((row) => row.isOut);
  const ids = out.map((row) => row.id);
  await (side === 'intune' ? forgetManaged(trx, ids) : forgetMachines(trx, ids));
  const aadIds = [...new Set(out.flatMap((row) => row.aadDeviceId ?? []))];
  for (let at = 0; at < aadIds.length; at += settledAtOnce) await settleAnew(trx, aadIds.slice(at, at + settledAtOnce));
  return out.filter((row) => row.isGone).length;
}

/**
 * A device that was made while the walk went on may have been behind it. By a difference of sets, which is never made by
 * comparing each with each, whatever the planner believes.
 */
function strike(trx: Trx, { runId, startedAt }: WalkRun, side: Side): Promise<Struck[]> {
  const { id, missed } = sides[side];
  const other = sides[side === 'defender' ? 'intune' : 'defender'];
  return queryMany<Struck>(
    trx,
    `with seen as materialized (select device_id from sync_seen_devices where tenant_id = ? and run_id = ?),
     unmet as materialized (
       select id from edr_devices where tenant_id = ? and ${id} is not null and ${missed} < ${strikes} and created_at <= ?
         and exists (select from seen)
       except select device_id from seen)
     update edr_devices set ${missed} = ${missed} + 1,
       gone_at = case when ${missed} + 1 >= ${strikes} and (${other.id} is null or ${other.missed} >= ${strikes})
         then ?::timestamptz else gone_at end
     where tenant_id = ? and id = any(array(select id from unmet))
     returning id, aad_device_id as "aadDeviceId", ${missed} >= ${strikes} as "isOut", gone_at is not null as "isGone"`,
    [trx.tenantId, runId, trx.tenantId, startedAt, trx.now, trx.tenantId],
  );
}

/** What Defender judged of machines that it has no more, and that go on because Intune has them; ids stay, in case they come back. */
async function forgetMachines(trx: Trx, deviceIds: readonly string[]): Promise<void> {
  if (deviceIds.length === 0) return;
  await query(
    trx,
    `update edr_devices set risk_score = null, exposure_level = null, defender_health_status = null
     where tenant_id = ? and id = any(?::uuid[]) and gone_at is null`,
    [trx.tenantId, deviceIds],
  );
}

/** What Intune said of devices that it has no more; one that only Intune knew keeps its ids, in case it comes back. */
async function forgetManaged(trx: Trx, deviceIds: readonly string[]): Promise<void> {
  if (deviceIds.length === 0) return;
  await query(
    trx,
    `update edr_devices set intune_compliance_state = null, intune_enrollment_status = null,
       intune_device_id = case when microsoft_device_id is null then intune_device_id end,
       serial_number = case when microsoft_device_id is null then serial_number end,
       primary_user = case when microsoft_device_id is null then primary_user end,
       intune_missed_syncs = case when microsoft_device_id is null then intune_missed_syncs else 0 end
     where tenant_id = ? and id = any(?::uuid[])`,
    [trx.tenantId, deviceIds],
  );
  await query(trx, 'delete from edr_compliance where tenant_id = ? and device_id = any(?::uuid[])', [
    trx.tenantId,
    deviceIds,
  ]);
}
