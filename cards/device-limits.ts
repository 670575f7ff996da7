/** How much of the untrusted text a card takes; counts of characters, and of rules for `rules`. */
export interface DeviceLimits {
  readonly rules: number;
  readonly reason: number;
  readonly value: number;
  readonly title: number;
}

/** What gives way when a card grows too large: failed rules, then reasons, the name last. */
export const deviceLimits: readonly [DeviceLimits, ...DeviceLimits[]] = [
  { rules: 10, reason: 300, value: 100, title: 200 },
  { rules: 5, reason: 160, value: 80, title: 200 },
  { rules: 3, reason: 60, value: 60, title: 120 },
];
