import type { Trx } from '../../database/transaction.js';
import type { Cursor } from '../paging.js';
import { fromMicroseconds, microseconds, pageOf, pageSize } from '../paging.js';
import type { Bindings } from '../query.js';
import { query } from '../query.js';
import type { AlertListItem, AlertListPage } from './alert-list.js';

const itemColumns = `a.id, a.number, a.severity, a.title, a.classification, a.source_system as "sourceSystem",
  a.created_at as "createdAt", a.status, a.version`;

interface Row extends AlertListItem {
  readonly key: string;
  readonly rank: number;
}

/** Open and unassigned: critical to low, then oldest, then id. */
export async function readQueue(trx: Trx, after: Cursor<'queue'> | null): Promise<AlertListPage> {
  const from = after ? `and (a.severity_rank, a.created_at, a.id) > (?::smallint, ${fromMicroseconds}, ?::uuid)` : '';
  const rows = await query<Row>(
    trx,
    `select ${itemColumns}, a.severity_rank as rank, ${microseconds('a.created_at')} as key from security_alerts a
     where a.tenant_id = ? and a.status = 'open' ${from}
     order by a.severity_rank, a.created_at, a.id limit ${pageSize + 1}`,
    [trx.tenantId, ...(after?.slice(1) ?? [])],
  );
  const page = pageOf(rows, toItem, (row) => ['queue', row.rank, row.key, row.id]);
  return { ...(await readTotal(trx, "status = 'open'", [])), ...page };
}

/** A person's assigned and investigating alerts, longest held first. */
export async function readMine(trx: Trx, userId: string, after: Cursor<'mine'> | null): Promise<AlertListPage> {
  const from = after ? `and (a.assigned_at, a.id) > (${fromMicroseconds}, ?::uuid)` : '';
  const rows = await query<Row>(
    trx,
    `select ${itemColumns}, a.severity_rank as rank, ${microseconds('a.assigned_at')} as key from security_alerts a
     where a.tenant_id = ? and a.assigned_to = ? and a.status in ('assigned', 'investigating') ${from}
     order by a.assigned_at, a.id limit ${pageSize + 1}`,
    [trx.tenantId, userId, ...(after?.slice(1) ?? [])],
  );
  const page = pageOf(rows, toItem, (row) => ['mine', row.key, row.id]);
  const held = "assigned_to = ? and status in ('assigned', 'investigating')";
  return { ...(await readTotal(trx, held, [userId])), ...page };
}

function toItem({ key: _key, rank: _rank, ...item }: Row): AlertListItem {
  return item;
}

async function readTotal(trx: Trx, condition: string, bindings: Bindings) {
  const [row] = await query<{ tenantName: string; total: number }>(
    trx,
    `select t.name as "tenantName", (select count(*)::int from security_alerts where tenant_id = t.id and ${condition}) as total
     from tenants t where t.id = ?`,
    [...bindings, trx.tenantId],
  );
  return { tenantId: trx.tenantId, tenantName: row?.tenantName ?? '', total: row?.total ?? 0 };
}
