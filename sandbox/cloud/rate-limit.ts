/** How many requests one app may send for one tenant; refused requests count as well, as at Microsoft. */
export interface RateLimit {
  /** Null when the request may pass, else the whole seconds until one may, and the limit that was met. */
  check(key: string): { readonly seconds: number; readonly limit: Quota } | null;
}

export interface Quota {
  readonly requests: number;
  readonly windowMs: number;
}

/** All quotas hold at once. */
export function createRateLimit(quotas: readonly Quota[], clock: () => Date): RateLimit {
  const seen = new Map<string, number[]>();
  const longest = Math.max(...quotas.map(({ windowMs }) => windowMs));

  function refusal(times: readonly number[], now: number, limit: Quota) {
    const oldest = times.at(-limit.requests - 1);
    if (oldest === undefined || oldest <= now - limit.windowMs) return [];
    const mustLeave = times.at(-limit.requests) ?? now;
    return [{ seconds: Math.max(1, Math.ceil((mustLeave + limit.windowMs - now) / 1000)), limit }];
  }

  return {
    check: (key) => {
      const now = clock().getTime();
      const times = seen.get(key) ?? [];
      seen.set(key, times);
      const fresh = times.findIndex((at) => at > now - longest);
      times.splice(0, fresh === -1 ? times.length : fresh);
      times.push(now);
      return quotas.flatMap((limit) => refusal(times, now, limit)).sort((a, b) => b.seconds - a.seconds)[0] ?? null;
    },
  };
}

const perMinute = (requests: number): Quota => ({ requests, windowMs: 60_000 });
const perHour = (requests: number): Quota => ({ requests, windowMs: 3_600_000 });

/** Microsoft's limits per app and tenant (reference 1.3 and 1.4); `requestsPerMinute` replaces them all. */
export function createLimits(clock: () => Date, requestsPerMinute?: number) {
  const limit = (...quotas: Quota[]) =>
    createRateLimit(requestsPerMinute === undefined ? quotas : [perMinute(requestsPerMinute)], clock);
  return {
    graph: limit(perMinute(150)),
    intune: limit({ requests: 2000, windowMs: 20_000 }),
    defender: limit(perMinute(100), perHour(1500)),
    defenderExport: limit(perMinute(30), perHour(1000)),
  };
}

export type Limits = ReturnType<typeof createLimits>;
