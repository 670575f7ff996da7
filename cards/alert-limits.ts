/** How much of the untrusted text a card takes; counts of characters, and of lines for `evidence`. */
export interface AlertLimits {
  readonly evidence: number;
  readonly evidenceLine: number;
  readonly description: number;
  readonly advice: number;
  readonly reason: number;
  readonly title: number;
  readonly value: number;
}

/** What gives way when a card grows too large: evidence, then description and advice, then reasons, the title last. */
export const alertLimits: readonly [AlertLimits, ...AlertLimits[]] = [
  { evidence: 10, evidenceLine: 240, description: 800, advice: 800, reason: 300, title: 250, value: 100 },
  { evidence: 5, evidenceLine: 160, description: 800, advice: 800, reason: 300, title: 250, value: 100 },
  { evidence: 3, evidenceLine: 100, description: 400, advice: 400, reason: 300, title: 250, value: 100 },
  { evidence: 0, evidenceLine: 100, description: 200, advice: 200, reason: 120, title: 250, value: 80 },
  { evidence: 0, evidenceLine: 100, description: 0, advice: 0, reason: 60, title: 120, value: 60 },
];
