import { boundedId } from '../../text.js';
import type { SourceAlert } from '../alert-source.js';
import type { UpdateMoment } from '../last-update.js';
import { compareMoments, updateMoment } from '../last-update.js';

export interface State {
  readonly moment: UpdateMoment;
  readonly alert: SourceAlert;
}

/** All that a batch says of one alert. */
export interface EdrGroup {
  readonly microsoftAlertId: string;
  /** Distinct states, oldest update first; never empty. */
  readonly states: readonly State[];
  readonly newest: State;
  /** Records of the batch, repeats of the same state included. */
  readonly records: number;
}

/** The mirror's row before this batch. */
export interface Prior {
  readonly status: string;
  readonly lastUpdateRaw: string | null;
  readonly ownUpdateRaw: string | null;
}

/** One group per alert id: a key that stood twice in a statement would fail it. */
export function groupByAlert(batch: readonly SourceAlert[]): EdrGroup[] {
  const byId = new Map<string, State[]>();
  for (const alert of batch) {
    const id = boundedId(alert.microsoftAlertId);
    const states = byId.get(id) ?? [];
    states.push({ moment: updateMoment(alert.lastUpdate), alert });
    byId.set(id, states);
  }
  return [...byId].map(([microsoftAlertId, all]) => toGroup(microsoftAlertId, all));
}

function toGroup(microsoftAlertId: string, all: State[]): EdrGroup {
  const sorted = all.toSorted((a, b) => compareMoments(a.moment, b.moment));
  const states = sorted.filter((state, i) => {
    const next = sorted[i + 1];
    return !next || compareMoments(state.moment, next.moment) !== 0;
  });
  return { microsoftAlertId, states, newest: states.at(-1) as State, records: all.length };
}

/** States that are newer than the mirror and not the echo of our own write-back: the observations. */
export function observedStates(group: EdrGroup, prior: Prior | null): readonly State[] {
  const known = prior?.lastUpdateRaw ? updateMoment(prior.lastUpdateRaw) : null;
  const own = prior?.ownUpdateRaw ? updateMoment(prior.ownUpdateRaw) : null;
  // Microsoft may write the same moment with other digits in its answer than in its list.
  const isEcho = (moment: UpdateMoment) => own !== null && compareMoments(moment, own) === 0;
  return group.states.filter(({ moment }) => !isEcho(moment) && (!known || compareMoments(moment, known) > 0));
}

export function isResolved(status: string): boolean {
  return status.toLowerCase() === 'resolved';
}

/** A change from resolved to new or in progress that we saw. */
export function reappears(group: EdrGroup, observed: readonly State[], prior: Prior | null): boolean {
  if (isResolved(group.newest.alert.status)) return false;
  return observed.some(({ alert }) => isResolved(alert.status)) || isResolved(prior?.status ?? '');
}
