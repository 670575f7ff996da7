import type { Window } from './limits.js';

/** How fast this process sends to each Entra tenant. */
export interface TenantPace {
  /** Takes a slot and returns 0, or returns the milliseconds to wait and takes none. `now` is any monotonic clock in ms. */
  take(entraTenantId: string, now: number): number;
}

/** A tenant that was quiet for a window is forgotten. */
export function createTenantPace(window: Window): TenantPace {
  const slots = new Map<string, readonly number[]>();
  const take = (entraTenantId: string, now: number): number => {
    for (const [tenant, times] of slots) if ((times.at(-1) ?? 0) <= now - window.ms) slots.delete(tenant);
    const times = slots.get(entraTenantId) ?? [];
    const oldest = times[times.length - window.max];
    if (oldest !== undefined && oldest + window.ms > now) return oldest + window.ms - now;
    slots.set(entraTenantId, [...times, now].slice(-window.max));
    return 0;
  };
  return { take };
}
