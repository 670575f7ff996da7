import { createHash } from 'node:crypto';
import type { Trx } from '../../../database/transaction.js';
import { holdLinks } from '../../channels/link-lock.js';
import { readSettings } from '../../tenants/settings.js';
import { boundedId, storable, storableOrNull } from '../../text.js';
import type { AlertMetadata, SourceSystem } from '../alert.js';
import { classify } from '../classification.js';
import { knownSeverity, severityOf } from '../severity.js';
import type { Observation } from './observation.js';
import type { Observed } from './observe.js';
import { observe } from './observe.js';
import type { IngestResult } from './result.js';
import { toResult } from './result.js';

/** An item of a firewall, a mail gateway or another sender, parsed but not judged. All text is untrusted. */
export interface SourceItem {
  /** Our id of the sender, so that two senders never share an id. */
  readonly sourceUuid: string;
  /** The sender's own stable id; null when it has none, then a fingerprint takes its place. */
  readonly externalId: string | null;
  /** Values of the fields that the source's mapping adds to the fingerprint. */
  readonly fingerprintFields: readonly string[];
  readonly type: string;
  readonly category: string | null;
  readonly threatName: string | null;
  readonly severity: string;
  readonly title: string;
  readonly description: string | null;
  readonly device: string | null;
  readonly user: string | null;
  /** ISO 8601, the sender's own time. */
  readonly detectedAt: string | null;
  readonly metadata: AlertMetadata;
}

const attempts = 5;

/** Takes items of senders without a mirror: every item is an observation. Same effects as for alerts of an EDR. */
export async function ingestItems(
  trx: Trx,
  source: Exclude<SourceSystem, 'edr'>,
  items: readonly SourceItem[],
): Promise<IngestResult> {
  await holdLinks(trx);
  const observations = aggregate(items.map(toObservation));
  const settings = await readSettings(trx);
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const outcome = await inSavepoint(trx, (inner) => observe(inner, source, observations, settings));
    if (outcome) return toResult(items.length, observations, outcome, unknownSeverities(items));
  }
  throw new Error(`others made the same alerts ${attempts} times while this batch was written`);
}

/** Rolling back to the savepoint gives back the numbers and the locks; what others made is then known. */
async function inSavepoint(trx: Trx, work: (inner: Trx) => Promise<Observed | null>): Promise<Observed | null> {
  const sql = await trx.sql.transaction();
  try {
    const outcome = await work({ ...trx, sql });
    await (outcome ? sql.commit() : sql.rollback());
    return outcome;
  } catch (error) {
    await sql.rollback();
    throw error;
  }
}

function toObservation(item: SourceItem): Observation {
  const classification = classify(item.category, item.threatName, item.title);
  const fingerprint = item.externalId === null ? fingerprintOf(item, classification) : null;
  return {
    sourceId: boundedId(`${item.sourceUuid}:${item.externalId ?? fingerprint ?? ''}`),
    seen: 1,
    alertType: storable(item.type, 100),
    classification,
    severity: severityOf(item.severity),
    title: storable(item.title, 2_000),
    description: storableOrNull(item.description, 20_000),
    metadata: item.metadata,
    defenderIncidentId: null,
    defenderAlertId: null,
    defenderSeverity: null,
    threatName: storableOrNull(item.threatName, 255),
    affectedDevice: storableOrNull(item.device, 255),
    affectedUser: storableOrNull(item.user, 255),
    detectedAt: item.detectedAt,
    deviceId: null,
    fingerprint,
    resolved: false,
    reappeared: true,
    lastActivityAt: null,
    mayCreate: true,
  };
}

function fingerprintOf(item: SourceItem, classification: string): string {
  const parts = [item.device, item.type, classification, ...item.fingerprintFields];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** The same item several times in a batch is one row, seen as often. */
function aggregate(observations: readonly Observation[]): Observation[] {
  const byId = new Map<string, Observation>();
  for (const one of observations)
    byId.set(one.sourceId, { ...one, seen: one.seen + (byId.get(one.sourceId)?.seen ?? 0) });
  return [...byId.values()];
}

function unknownSeverities(items: readonly SourceItem[]): string[] {
  return items.map((item) => item.severity).filter((word) => knownSeverity(word) === null);
}
