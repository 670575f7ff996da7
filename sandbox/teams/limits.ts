/**
 * The documented limits per bot and conversation, as [calls, window in ms].
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
 */
const windows = {
  send: [
    [7, 1_000],
    [8, 2_000],
    [60, 30_000],
    [1_800, 3_600_000],
  ],
  create: [
    [7, 1_000],
    [8, 2_000],
    [60, 30_000],
    [1_800, 3_600_000],
  ],
  members: [
    [14, 1_000],
    [16, 2_000],
    [120, 30_000],
    [3_600, 3_600_000],
  ],
  /** Everything the bot asks for in one Entra tenant. */
  tenant: [[50, 1_000]],
} as const satisfies Record<string, readonly (readonly [number, number])[]>;

export type LimitedOperation = keyof typeof windows;

export interface Limits {
  /** 0 when the call may pass (it is then counted), else the milliseconds until it may. */
  take(operation: LimitedOperation, key: string): number;
  /** Milliseconds until a call would pass; counts nothing. */
  wait(operation: LimitedOperation, key: string): number;
}

/** timeScale 0.01 makes each window a hundred times shorter. */
export function createLimits(timeScale: number, clock: () => number = () => performance.now()): Limits {
  const taken = new Map<string, number[]>();

  function wait(operation: LimitedOperation, key: string): number {
    const times = taken.get(`${operation} ${key}`) ?? [];
    const now = clock();
    return Math.max(
      0,
      ...windows[operation].map(([calls, span]) => {
        const oldest = times.at(-calls);
        return oldest === undefined ? 0 : oldest + span * timeScale - now;
      }),
    );
  }

  return {
    wait,
    take: (operation, key) => {
      const milliseconds = wait(operation, key);
      if (milliseconds > 0) return milliseconds;
      const name = `${operation} ${key}`;
      const times = taken.get(name) ?? [];
      times.push(clock());
      if (times.length > 4_000) times.splice(0, 2_000);
      taken.set(name, times);
      return 0;
    },
  };
}
