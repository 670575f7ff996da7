import { randomUUID } from 'node:crypto';
import type { Trx } from '../../../database/transaction.js';
import { markStale } from '../../channels/outbox.js';
import type { StaleRef } from '../../channels/outbox.js';
import { query } from '../../query.js';
import type { TenantSettings } from '../../tenants/settings.js';
import type { SourceSystem } from '../alert.js';
import { severityRank } from '../severity.js';
import type { NewAlert } from './new-alert-store.js';
import { insertAlerts } from './new-alert-store.js';
import type { Observation, Verdict } from './observation.js';
import type { Repeat } from './repeat-rules.js';
import { isOpenWork, repeated } from './repeat-rules.js';
import { lockKnown, saveRepeats } from './repeat-store.js';

export interface Observed {
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** Ids of the alerts that were made, in the order of the input. */
  readonly ids: readonly string[];
}

/**
 * The core of every ingestion: counts what is known, says which cards are stale, makes what is new. Keys are distinct.
 * Locks are taken in one order by everybody (alerts by id, outbox, counter), so batches never wait in a ring. Null when
 * another transaction made one of the alerts meanwhile: roll back and begin again.
 */
export async function observe(
  trx: Trx,
  source: SourceSystem,
  observations: readonly Observation[],
  settings: TenantSettings,
): Promise<Observed | null> {
  if (observations.length === 0) return { verdicts: new Map(), ids: [] };
  const repeats = await countRepeats(trx, source, observations, settings);
  const alerts = observations.filter((one) => isNew(one, repeats)).map((one) => toAlert(one, repeats));
  await auditRises(trx, [...repeats.values()]);
  await markStale(trx, [...[...repeats.values()].flatMap(staleByRepeat), ...alerts.map(staleByPost)]);
  if (!(await insertAlerts(trx, source, alerts, settings))) return null;
  const verdicts = new Map(observations.map((one) => [one.sourceId, verdictOf(one, repeats)]));
  return { verdicts, ids: alerts.map((alert) => alert.id) };
}

/** By the id under which they were found. */
type Repeats = ReadonlyMap<string, Repeat>;

async function countRepeats(
  trx: Trx,
  source: SourceSystem,
  observations: readonly Observation[],
  settings: TenantSettings,
): Promise<Repeats> {
  const byId = new Map(observations.map((one) => [one.sourceId, one]));
  const repeats = (await lockKnown(trx, source, [...byId.keys()])).flatMap((alert) => {
    const one = byId.get(alert.sourceId);
    return one ? [repeated(alert, one, trx.now, settings)] : [];
  });
  await saveRepeats(trx, source, repeats);
  return new Map(repeats.map((repeat) => [repeat.before.sourceId, repeat]));
}

function isNew(one: Observation, repeats: Repeats): boolean {
  return repeats.get(one.sourceId)?.recurs ?? one.mayCreate;
}

function toAlert(observation: Observation, repeats: Repeats): NewAlert {
  return { id: randomUUID(), observation, recurrenceOf: repeats.get(observation.sourceId)?.before.id ?? null };
}

function verdictOf(one: Observation, repeats: Repeats): Verdict {
  const repeat = repeats.get(one.sourceId);
  if (repeat) return repeat.recurs ? 'recurred' : 'counted';
  return one.mayCreate ? 'created' : 'mirrored';
}

/** A repeat refreshes its card; only open work that nobody sees yet is posted by one. */
function staleByRepeat({ after: { id, status, incidentId }, recurs }: Repeat): StaleRef[] {
  const card: StaleRef = { entity: 'alert', id, mode: isOpenWork(status) && !recurs ? 'post' : 'refresh' };
  return incidentId && !recurs ? [card, { entity: 'incident', id: incidentId, mode: 'refresh' }] : [card];
}

/** The gravest of a batch are posted first. */
function staleByPost({ id, observation }: NewAlert, place: number): StaleRef {
  return { entity: 'alert', id, order: 1 + severityRank(observation.severity) * 100_000 + place };
}

async function auditRises(trx: Trx, repeats: readonly Repeat[]): Promise<void> {
  const rises = repeats
    .filter(({ before, after }) => before.severity !== after.severity)
    .map(({ before, after }) => ({ id: after.id, before: before.severity, after: after.severity }));
  if (rises.length === 0) return;
  await query(
    trx,
    `insert into audit_log (tenant_id, actor_kind, actor, action, entity_type, entity_id, before, after)
     select ?::uuid, 'job', 'alert ingest', 'alert.severity', 'alert', x.id,
       jsonb_build_object('severity', x.before), jsonb_build_object('severity', x.after)
     from json_to_recordset(?::json) as x(id text, before text, after text)`,
    [trx.tenantId, JSON.stringify(rises)],
  );
}
