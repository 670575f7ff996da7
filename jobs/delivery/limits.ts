/** At most `max` requests within `ms`. */
export interface Window {
  readonly ms: number;
  readonly max: number;
}

export interface DeliveryLimits {
  /** Of one conversation; every request counts, updates too. */
  readonly windows: readonly Window[];
  /** Part of each window that is used: the documented figures are estimates. */
  readonly share: number;
  /** Of one Entra tenant, in this process. */
  readonly tenant: Window;
}

/** Send to conversation, per bot and thread; 50 a second per app and tenant: Teams documentation, "rate-limit". */
export const teamsLimits: DeliveryLimits = {
  windows: [
    { ms: 1_000, max: 7 },
    { ms: 2_000, max: 8 },
    { ms: 30_000, max: 60 },
    { ms: 3_600_000, max: 1_800 },
  ],
  share: 0.9,
  tenant: { ms: 1_000, max: 45 },
};

/** Requests that may leave within a window. */
export function budget(window: Window, share: number): number {
  return Math.max(1, Math.floor(window.max * share));
}

/**
 * Milliseconds until one more request is within every window. `sent` are times in ms, oldest first. One request is in flight
 * at a time, so a share below 1 leaves the slot that a slow request needs: it may arrive later than it was noted.
 */
export function waitFor(sent: readonly number[], now: number, limits: DeliveryLimits): number {
  const waits = limits.windows.map((window) => {
    const oldest = sent[sent.length - budget(window, limits.share)];
    return oldest === undefined ? 0 : oldest + window.ms - now;
  });
  return Math.max(0, ...waits);
}

/** How far back, and how many requests, `waitFor` must know. */
export function memory(limits: DeliveryLimits): { ms: number; requests: number } {
  return {
    ms: Math.max(...limits.windows.map((window) => window.ms)),
    requests: Math.max(...limits.windows.map((window) => budget(window, limits.share))),
  };
}
