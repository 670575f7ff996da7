/** How much of the untrusted text a card takes; counts of characters, and of people for `asked`. */
export interface ActionLimits {
  readonly asked: number;
  readonly reason: number;
  readonly value: number;
  readonly title: number;
}

/** What gives way when a card grows too large: people who were asked, then reasons, the name of the device last. */
export const actionLimits: readonly [ActionLimits, ...ActionLimits[]] = [
  { asked: 10, reason: 500, value: 100, title: 200 },
  { asked: 5, reason: 300, value: 80, title: 200 },
  { asked: 3, reason: 120, value: 60, title: 120 },
];
