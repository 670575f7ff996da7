import type { Trx } from '../../database/transaction.js';
import { query } from '../query.js';
import { countMirror, noticeToAdmins } from './admin-notice.js';
import type { SyncSource } from './source.js';
import { syncSentences } from './sync-sentences.js';

const key = 'sync.first';

/** What became of the tenant's past: how many alerts are mirrored, how many were opened. */
export async function summariseFirstSync(trx: Trx): Promise<void> {
  const [tenant] = await query<{ name: string }>(trx, 'select name from tenants where id = ?', [trx.tenantId]);
  const { mirrored, opened } = await countMirror(trx);
  await noticeToAdmins(trx, key, syncSentences.firstSync(tenant?.name ?? '', mirrored, opened));
}

/** For a channel that is linked after the first sync: the summary that nobody could read, and holds that still last. */
export async function tellOfEarlierSyncs(trx: Trx): Promise<void> {
  if (await owesSummary(trx)) await summariseFirstSync(trx);
  const holds = await query<{ source: SyncSource; why: string; partly: boolean }>(
    trx,
    `select source, hold_reason as why, coalesce(last_success_at >= hold_since, false) as partly
     from sync_cursors where tenant_id = ? and hold_reason is not null order by source`,
    [trx.tenantId],
  );
  for (const { source, why, partly } of holds)
    await noticeToAdmins(trx, `sync.hold.${source}`, syncSentences[partly ? 'lacking' : 'onHold'](source, why));
}

async function owesSummary(trx: Trx): Promise<boolean> {
  const [cursor] = await query<{ owed: boolean }>(
    trx,
    `select c.last_success_at is not null
       and (select min(r.finished_at) from sync_runs r where r.tenant_id = c.tenant_id and r.source = c.source
         and r.outcome = 'complete') > app.now() - interval '29 days'
       and exists (select from edr_alerts e where e.tenant_id = c.tenant_id)
       and not exists (select from outbox o where o.tenant_id = c.tenant_id and o.stale_key = ?
         and o.state in ('pending', 'sent')) as owed
     from sync_cursors c where c.tenant_id = ? and c.source = 'alerts'`,
    [`notice:${key}`, trx.tenantId],
  );
  return cursor?.owed ?? false;
}
