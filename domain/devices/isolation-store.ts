import type { Trx } from '../../database/transaction.js';
import { updateMoment } from '../alerts/last-update.js';
import { query, queryMany } from '../query.js';
import type { IsolationState, SourceIsolation } from './device-source.js';
import { mergeAlone } from './merge-lock.js';
import { refreshCardsOf } from './stale-cards.js';

/** An isolation or release `x` of the device `d` is news; compared in the bytes of its state where the times are the same. */
const isNews = `(d.isolation_known_at is null
  or (x.at, x.state collate "C") > (d.isolation_known_at, coalesce(d.isolation_state, '') collate "C"))`;

/**
 * Takes what is newer than what is known of these machines, each of which is named once, and has cards of open work drawn anew
 * where that changes what they say. Machines that the mirror does not have are left out. Resolves to how many rows changed.
 */
export async function mergeIsolations(trx: Trx, told: readonly SourceIsolation[]): Promise<number> {
  await mergeAlone(trx);
  const changed = await queryMany<{ id: string; isShown: boolean }>(
    trx,
    `with x as materialized (
       select t.id as machine, t.state, t.at, e.id, e.isolation_state as before
       from json_to_recordset(?::json) as t(id text, state text, at timestamptz)
       join edr_devices e on e.tenant_id = ? and e.microsoft_device_id = t.id)
     update edr_devices d set isolation_state = x.state, isolation_known_at = x.at from x
     where d.tenant_id = ? and d.id = x.id and ${isNews}
     returning d.id, x.before is distinct from x.state as "isShown"`,
    [
      JSON.stringify(told.map(({ microsoftDeviceId: id, state, at }) => ({ id, state, at: updateMoment(at).at }))),
      trx.tenantId,
      trx.tenantId,
    ],
  );
  await refreshCardsOf(
    trx,
    changed.filter(({ isShown }) => isShown).map(({ id }) => id),
  );
  return changed.length;
}

/**
 * Microsoft has said what became of the device. `at` is its time of that, never taken for one in the future; something newer
 * may be known already.
 */
export async function noteIsolation(trx: Trx, deviceId: string, state: IsolationState, at: string): Promise<void> {
  await query(
    trx,
    `update edr_devices d set isolation_state = x.state, isolation_known_at = x.at
     from (select ?::text as state, least(?::timestamptz, ?::timestamptz) as at) x
     where d.tenant_id = ? and d.id = ? and ${isNews}`,
    [state, updateMoment(at).at, trx.now, trx.tenantId, deviceId],
  );
}
