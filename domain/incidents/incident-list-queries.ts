import type { Trx } from '../../database/transaction.js';
import type { Person } from '../access/actor.js';
import type { Cursor } from '../paging.js';
import { fromMicroseconds, microseconds, pageOf, pageSize } from '../paging.js';
import type { Bindings } from '../query.js';
import { query } from '../query.js';
import { nextDeadline } from './incident-clocks.js';
import type { Incident } from './incident.js';
import type { IncidentListItem, IncidentListPage } from './incident-list.js';
import { incidentColumns } from './incident-store.js';

interface Row extends Incident {
  readonly rank: number;
  readonly key: string;
  readonly owner: Person;
  readonly classification: IncidentListItem['classification'];
  readonly sourceSystem: IncidentListItem['sourceSystem'];
}

const select = `select ${incidentColumns('i')}, i.severity_rank as rank, ${microseconds('i.created_at')} as key,
  jsonb_build_object('userId', m.user_id, 'displayName', m.display_name, 'aadObjectId', u.aad_object_id) as owner,
  a.classification, a.source_system as "sourceSystem"`;
const joins = `join tenant_members m on m.tenant_id = i.tenant_id and m.user_id = i.owner_id
  join users u on u.id = m.user_id
  join incident_alert_links l on l.tenant_id = i.tenant_id and l.incident_id = i.id and l.is_primary
  join security_alerts a on a.tenant_id = l.tenant_id and a.id = l.alert_id`;

/** Open and in progress: critical to low, then oldest, then id. */
export async function readOpenIncidents(trx: Trx, after: Cursor<'open'> | null): Promise<IncidentListPage> {
  const from = after ? `and (severity_rank, created_at, id) > (?::smallint, ${fromMicroseconds}, ?::uuid)` : '';
  const order = (row: string) => `order by ${row}severity_rank, ${row}created_at, ${row}id`;
  const open = "status in ('open', 'in_progress')";
  const rows = await readRows(trx, `and ${open} ${from}`, order, after?.slice(1) ?? []);
  return toPage(trx, open, rows, (row) => ['open', row.rank, row.key, row.id]);
}

/** All that the tenant ever had, newest first. */
export async function readAllIncidents(trx: Trx, after: Cursor<'all'> | null): Promise<IncidentListPage> {
  const from = after ? `and (created_at, id) < (${fromMicroseconds}, ?::uuid)` : '';
  const order = (row: string) => `order by ${row}created_at desc, ${row}id desc`;
  const rows = await readRows(trx, from, order, after?.slice(1) ?? []);
  return toPage(trx, 'true', rows, (row) => ['all', row.key, row.id]);
}

/** The page is cut before it is joined, so that the joins cost eleven rows. */
function readRows(trx: Trx, where: string, order: (row: string) => string, key: Bindings): Promise<Row[]> {
  return query<Row>(
    trx,
    `${select} from (select * from security_incidents where tenant_id = ? ${where} ${order('')} limit ${pageSize + 1}) i
     ${joins} ${order('i.')}`,
    [trx.tenantId, ...key],
  );
}

async function toPage(
  trx: Trx,
  condition: string,
  rows: readonly Row[],
  cursorOf: (row: Row) => Cursor<'open' | 'all'>,
): Promise<IncidentListPage> {
  const [row] = await query<{ tenantName: string; total: number }>(
    trx,
    `select t.name as "tenantName",
       (select count(*)::int from security_incidents where tenant_id = t.id and ${condition}) as total
     from tenants t where t.id = ?`,
    [trx.tenantId],
  );
  const about = { tenantId: trx.tenantId, tenantName: row?.tenantName ?? '', total: row?.total ?? 0 };
  return { ...about, ...pageOf(rows, toItem, cursorOf) };
}

function toItem(row: Row): IncidentListItem {
  const { id, number, severity, title, createdAt, status, version, classification, sourceSystem, owner } = row;
  const item = { id, number, severity, title, createdAt, status, version, classification, sourceSystem, owner };
  return { ...item, dueAt: nextDeadline(row) };
}
