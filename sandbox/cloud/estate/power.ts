/** When machines were switched on and off. */
export interface Power {
  isOnline(machineId: string): boolean;
  /** The first moment from `from` on (ms) at which it is online; Infinity: not before somebody switches it on. */
  onlineFrom(machineId: string, from: number): number;
  /** The last switch, or null when nobody touched it. */
  last(machineId: string): Switched | null;
  set(machineId: string, at: number, isOnline: boolean): void;
}

export interface Switched {
  readonly at: number;
  readonly isOnline: boolean;
}

/** `startsOnline` tells how a machine is that nobody has touched. */
export function createPower(startsOnline: (machineId: string) => boolean): Power {
  const switches = new Map<string, Switched[]>();
  const of = (machineId: string) => switches.get(machineId) ?? [];
  const initially = (machineId: string) => ({ at: -Infinity, isOnline: startsOnline(machineId) });
  return {
    isOnline: (machineId) => (of(machineId).at(-1) ?? initially(machineId)).isOnline,
    onlineFrom: (machineId, from) => {
      const spans = [initially(machineId), ...of(machineId)];
      const fits = spans.find(({ isOnline }, index) => isOnline && (spans[index + 1]?.at ?? Infinity) > from);
      return fits ? Math.max(from, fits.at) : Infinity;
    },
    last: (machineId) => of(machineId).at(-1) ?? null,
    set: (machineId, at, isOnline) => void switches.set(machineId, [...of(machineId), { at, isOnline }]),
  };
}
