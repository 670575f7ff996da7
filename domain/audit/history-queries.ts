import type { Trx } from '../../database/transaction.js';
import { query } from '../query.js';
import type { HistoryEntry } from './history.js';

const shown = 5;
/** People who are unknown here stand as two ids in one text. */
const personOfRow = "case when l.actor_kind = 'person' and length(l.actor) = 36 then l.actor::uuid end";

/** What was done to an entity, as a JSON array, newest first: for the select list of a view. */
export function historyColumn(entityType: 'alert' | 'incident' | 'action' | 'policy_change', id: string): string {
  return historyWhere(`l.entity_type = '${entityType}' and l.entity_id = ${id}::text`);
}

/** The same for the rows of the trail that a condition on l picks. */
export function historyWhere(condition: string): string {
  return `(select coalesce(jsonb_agg(jsonb_build_object('at', h.at, 'by', h.by, 'action', h.action, 'reason', h.reason)
      order by h.id desc), '[]')
    from (select l.id, l.at, coalesce(m.display_name, l.actor) as by, l.action, l.reason
      from audit_log l left join tenant_members m
        on m.tenant_id = l.tenant_id and m.user_id = ${personOfRow}
      where l.tenant_id = app.tenant_id() and ${condition}
        and l.outcome = 'done' order by l.id desc limit ${shown}) h)`;
}

export interface HistoryJson {
  readonly at: string;
  readonly by: string;
  readonly action: string;
  readonly reason: string | null;
}

export function toHistory(rows: readonly HistoryJson[]): HistoryEntry[] {
  return rows.map((row) => ({ ...row, at: new Date(row.at) }));
}

/** One line of history by its audit id, for the thread under a card; null when there is none. */
export async function readHistoryLine(trx: Trx, auditId: string): Promise<HistoryEntry | null> {
  const [row] = await query<HistoryEntry>(
    trx,
    `select l.at, coalesce(m.display_name, l.actor) as by, l.action, l.reason
     from audit_log l left join tenant_members m
       on m.tenant_id = l.tenant_id and m.user_id = ${personOfRow}
     where l.tenant_id = ? and l.id = ?`,
    [trx.tenantId, auditId],
  );
  return row ?? null;
}

/** The newest thing that a person did to an entity, for "Bo took this 4 s ago". */
export async function lastDeed(trx: Trx, entityType: string, entityId: string): Promise<HistoryEntry | null> {
  const [row] = await query<HistoryEntry>(
    trx,
    `select l.at, coalesce(m.display_name, l.actor) as by, l.action, l.reason
     from audit_log l left join tenant_members m
       on m.tenant_id = l.tenant_id and m.user_id = ${personOfRow}
     where l.tenant_id = ? and l.entity_type = ? and l.entity_id = ? and l.outcome = 'done' and l.actor_kind = 'person'
     order by l.id desc limit 1`,
    [trx.tenantId, entityType, entityId],
  );
  return row ?? null;
}
