import type { Trx } from '../../database/transaction.js';
import { query } from '../query.js';
import { storable } from '../text.js';
import type { DeviceChoice } from './device.js';

const most = 10;
/** Typographic quotes and dashes, which people's keyboards put where the name has plain ones. */
const plain = (text: string) =>
  `lower(translate(${text}, '\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u2010\u2011\u2013', '''''''''"""---'))`;

/**
 * Devices whose name is the text or begins with it, whatever quotes, case and domain either has: exact ones first, then those
 * seen last. Superseded records and devices that are gone are left out.
 */
export async function searchDevices(trx: Trx, text: string): Promise<DeviceChoice[]> {
  const sought = storable(text.trim(), 255);
  if (sought === '') return [];
  return query<DeviceChoice>(
    trx,
    `select d.id, d.device_name as name, d.operating_system as "operatingSystem", d.primary_user as "primaryUser",
       d.last_seen_at as "lastSeenAt"
     from (select ${plain('?::text')} as text) s, edr_devices d
     cross join lateral (select ${plain('d.device_name')} as name) n
     cross join lateral (select n.name = s.text or split_part(n.name, '.', 1) = s.text
       or n.name = split_part(s.text, '.', 1) as exact) e
     where d.tenant_id = ? and d.gone_at is null and d.superseded_by is null and d.device_name is not null
       and (e.exact or starts_with(n.name, s.text))
     order by e.exact desc, n.name, d.last_seen_at desc nulls last, d.id limit ${most}`,
    [sought, trx.tenantId],
  );
}
