import type { SystemTrx, Trx } from '../../database/transaction.js';
import { recordAudit } from '../audit/record.js';
import { channelForAdmins } from '../channels/links.js';
import { enqueueNotices } from '../channels/outbox.js';
import { day } from '../durations.js';
import { query } from '../query.js';
import { reachedThreshold } from './credential-ends.js';
import type { CredentialEnd, Threshold } from './credential-ends.js';

/** Tenants whose Microsoft tenant the credentials open. */
export async function connectedTenants({ system }: SystemTrx): Promise<string[]> {
  const found = await system.raw<{ rows: { id: string }[] }>(
    'select id from tenants where is_active and closed_at is null and entra_tenant_id is not null order by id',
  );
  return found.rows.map((row) => row.id);
}

/**
 * Tells the tenant's admins of credentials that end soon or have ended: each threshold of each end once, by the trail. While
 * no channel is linked nobody can be told, and it is not said to have been.
 */
export async function tellOfEnds(trx: Trx, ends: readonly CredentialEnd[]): Promise<void> {
  for (const end of ends) {
    const threshold = reachedThreshold(end.endsAt, trx.now);
    if (threshold !== null) await tellOnce(trx, end, threshold, ends);
  }
}

async function tellOnce(
  trx: Trx,
  end: CredentialEnd,
  threshold: Threshold,
  ends: readonly CredentialEnd[],
): Promise<void> {
  const key = `${end.app}/${dateOf(end.endsAt)}/${threshold}`;
  const readers = await channelForAdmins(trx);
  if (readers.length === 0 || (await wasTold(trx, key))) return;
  await enqueueNotices(trx, readers, `credential/${key}`, sentence(end, ends, trx.now));
  await recordAudit(trx, {
    by: { kind: 'job', id: 'check_credentials' },
    action: 'credential.ends',
    entity: { type: 'credential', id: key },
    after: { app: end.app, endsAt: end.endsAt, threshold },
  });
}

async function wasTold(trx: Trx, key: string): Promise<boolean> {
  const found = await query(
    trx,
    `select 1 from audit_log where tenant_id = ? and entity_type = 'credential' and entity_id = ? limit 1`,
    [trx.tenantId, key],
  );
  return found.length > 0;
}

function sentence({ app, endsAt }: CredentialEnd, ends: readonly CredentialEnd[], now: Date): string {
  const left = endsAt.getTime() - now.getTime();
  const when = left <= 0 ? `ended on ${dateOf(endsAt)}` : `ends on ${dateOf(endsAt)}, ${inDays(Math.ceil(left / day))}`;
  const later = ends.find((other) => other.app === app && other.endsAt > endsAt && other.endsAt > now);
  const other = later ? ` Its other credential goes on until ${dateOf(later.endsAt)}.` : '';
  return `A credential of ${app} ${when}.${other} Whoever runs this installation has to create a new one in Entra ID, App registrations, Certificates & secrets, and configure it.`;
}

function inDays(days: number): string {
  return days === 1 ? 'within a day' : `in ${days} days`;
}

/** UTC. */
function dateOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}
