import type { Trx } from '../../../database/transaction.js';
import type { DeviceIds } from '../../devices/stub-store.js';
import { deviceKey, resolveDevices } from '../../devices/stub-store.js';
import { day } from '../../durations.js';
import { readSettings } from '../../tenants/settings.js';
import { storable, storableOrNull } from '../../text.js';
import { holdLinks } from '../../channels/link-lock.js';
import type { SourceAlert } from '../alert-source.js';
import { classify } from '../classification.js';
import { knownSeverity, severityOf } from '../severity.js';
import type { EdrGroup, Prior } from './edr-batch.js';
import { groupByAlert, isResolved, observedStates, reappears } from './edr-batch.js';
import { insertUnknown, lockOutdated, updateLocked } from './mirror-store.js';
import type { Observation } from './observation.js';
import { observe } from './observe.js';
import type { IngestResult } from './result.js';
import { toResult } from './result.js';

export interface IngestPolicy {
  /** The tenant's first sync: only what is unresolved and not older than a day becomes an alert. */
  readonly firstSync: boolean;
  /** A folder of sandbox data: every item becomes an alert, resolved and old ones too. */
  readonly takeEverything: boolean;
}

/**
 * Takes alerts of an EDR as they were read: mirror, stub devices, alerts, audit and card work, in the caller's transaction.
 * Batches of some hundreds are best; the order of the input is that of the numbers.
 */
export async function ingestEdrAlerts(
  trx: Trx,
  batch: readonly SourceAlert[],
  policy: IngestPolicy,
): Promise<IngestResult> {
  const groups = groupByAlert(batch);
  if (groups.length === 0) return toResult(0, [], { verdicts: new Map(), ids: [] }, []);
  await holdLinks(trx);
  const devices = await resolveDevices(
    trx,
    groups.map((group) => group.newest.alert.device),
  );
  const observations = await mirror(trx, groups, devices, policy);
  const outcome = await observe(trx, 'edr', observations, await readSettings(trx));
  if (!outcome) throw new Error('an alert was made by somebody who does not hold its row in the mirror');
  return toResult(batch.length, observations, outcome, unknownSeverities(groups));
}

/** The mirror's rows are locked from here on, so nobody else observes the same alerts until the transaction ends. */
async function mirror(
  trx: Trx,
  groups: readonly EdrGroup[],
  devices: DeviceIds,
  policy: IngestPolicy,
): Promise<Observation[]> {
  const inserted = new Set(await insertUnknown(trx, groups, devices));
  const outdated = await lockOutdated(
    trx,
    groups.filter((group) => !inserted.has(group.microsoftAlertId)),
  );
  await updateLocked(
    trx,
    groups.filter((group) => outdated.has(group.microsoftAlertId)),
    devices,
  );
  return groups.flatMap((group) => {
    const prior = outdated.get(group.microsoftAlertId) ?? null;
    if (!prior && !inserted.has(group.microsoftAlertId)) return [];
    return toObservation(group, prior, devices, policy, trx.now);
  });
}

/** None when the mirror moved only to the echo of our own write-back. */
function toObservation(
  group: EdrGroup,
  prior: Prior | null,
  devices: DeviceIds,
  policy: IngestPolicy,
  now: Date,
): Observation[] {
  const observed = observedStates(group, prior);
  if (observed.length === 0) return [];
  const { alert } = group.newest;
  const resolved = isResolved(alert.status);
  const observation: Observation = {
    ...factsOf(alert),
    sourceId: group.microsoftAlertId,
    seen: observed.length,
    deviceId: devices.get(deviceKey(alert.device) ?? '') ?? null,
    resolved,
    reappeared: reappears(group, observed, prior),
    lastActivityAt: alert.lastActivityAt,
    mayCreate: policy.takeEverything || (!resolved && !(policy.firstSync && isOld(alert, now))),
  };
  return [observation];
}

function isOld(alert: SourceAlert, now: Date): boolean {
  return Date.parse(alert.createdAt ?? alert.lastUpdate) < now.getTime() - day;
}

function factsOf(alert: SourceAlert) {
  return {
    alertType: storable(alert.category ?? 'unknown', 100),
    classification: classify(alert.category, alert.threatName, alert.title),
    severity: severityOf(alert.severity),
    title: storable(alert.title, 2_000),
    description: storableOrNull(alert.description, 20_000),
    metadata: alert.metadata,
    defenderIncidentId: storableOrNull(alert.microsoftIncidentId, 255),
    defenderAlertId: storable(alert.microsoftAlertId, 255),
    defenderSeverity: storable(alert.severity, 50),
    threatName: storableOrNull(alert.threatName, 255),
    affectedDevice: storableOrNull(alert.device?.name ?? null, 255),
    affectedUser: storableOrNull(alert.user, 255),
    detectedAt: alert.createdAt,
    fingerprint: null,
  };
}

function unknownSeverities(groups: readonly EdrGroup[]): string[] {
  return groups.map(({ newest }) => newest.alert.severity).filter((word) => knownSeverity(word) === null);
}
