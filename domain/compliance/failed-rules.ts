import type { SourceFailedRule } from '../devices/device-source.js';
import { storable } from '../text.js';

export interface FailedRule {
  readonly rule: string;
  /** As Intune sent it. */
  readonly state: string;
}

export interface DeviceRules {
  readonly intuneDeviceId: string;
  /** By rule and state, at most 50. */
  readonly rules: readonly FailedRule[];
}

export interface RuleCollector {
  readonly add: (failed: SourceFailedRule) => void;
  batches(size: number): Iterable<readonly DeviceRules[]>;
  /** Ids of Intune of the devices that fail any. */
  devices(): readonly string[];
}

const mostRules = 50;
/** So that a device with absurdly many does not fill the memory. */
const mostCollected = 500;

/** Rules by device. Few rules are failed by many devices, so each is kept once: some bytes for a device and rule. */
export function collectRules(): RuleCollector {
  const places = new Map<string, number>();
  const all: FailedRule[] = [];
  const failed = new Map<string, Set<number>>();

  const placeOf = (rule: FailedRule) => {
    const key = JSON.stringify([rule.rule, rule.state]);
    const place = places.get(key) ?? all.push(rule) - 1;
    places.set(key, place);
    return place;
  };
  const add = ({ intuneDeviceId, rule, state }: SourceFailedRule) => {
    const of = failed.get(intuneDeviceId) ?? new Set();
    failed.set(intuneDeviceId, of);
    if (of.size < mostCollected) of.add(placeOf({ rule: storable(rule, 500), state: storable(state, 50) }));
  };
  function* batches(size: number): Iterable<readonly DeviceRules[]> {
    const batch: DeviceRules[] = [];
    for (const [intuneDeviceId, of] of failed) {
      batch.push({ intuneDeviceId, rules: sorted([...of].flatMap((place) => all[place] ?? [])) });
      if (batch.length === size) yield batch.splice(0);
    }
    if (batch.length > 0) yield batch;
  }
  return { add, batches, devices: () => [...failed.keys()] };
}

function sorted(rules: readonly FailedRule[]): readonly FailedRule[] {
  const key = ({ rule, state }: FailedRule) => `${rule}\u0000${state}`;
  return rules.toSorted((a, b) => (key(a) < key(b) ? -1 : 1)).slice(0, mostRules);
}
