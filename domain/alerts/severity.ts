import type { Severity } from './alert.js';

const words: ReadonlyMap<string, Severity> = new Map([
  ['critical', 'critical'],
  ['high', 'high'],
  ['medium', 'medium'],
  ['moderate', 'medium'],
  ['low', 'low'],
  ['informational', 'low'],
  ['info', 'low'],
]);

const order: readonly Severity[] = ['critical', 'high', 'medium', 'low'];

/** 0 for critical to 3 for low. */
export function severityRank(severity: Severity): number {
  return order.indexOf(severity);
}

/**
 * A source's severity in our words, by whole words of any case; the gravest when it names several. Null for words that we
 * do not know, which count as medium.
 */
export function knownSeverity(sent: string): Severity | null {
  const found = (sent.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => words.get(word));
  return order.find((severity) => found.includes(severity)) ?? null;
}

export function severityOf(sent: string): Severity {
  return knownSeverity(sent) ?? 'medium';
}
