/** 150 requests a minute per app and tenant: Graph's limit for /security. Refused requests count as well. */
export interface RateLimit {
  /** Null when the request may pass, else the whole seconds until one may. */
  check(key: string): number | null;
}

export function createRateLimit(limit: number, windowMs: number, clock: () => Date): RateLimit {
  const requests = new Map<string, number[]>();
  return {
    check: (key) => {
      const now = clock().getTime();
      const recent = (requests.get(key) ?? []).filter((at) => at > now - windowMs);
      recent.push(now);
      requests.set(key, recent);
      if (recent.length <= limit) return null;
      const oldest = recent.at(-limit) ?? now;
      return Math.max(1, Math.ceil((oldest + windowMs - now) / 1000));
    },
  };
}
