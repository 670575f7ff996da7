const risks: ReadonlyMap<string, number> = new Map([
  ['none', 0],
  ['informational', 10],
  ['low', 30],
  ['medium', 60],
  ['high', 90],
  ['critical', 100],
]);

/** Defender's word for the risk of a device as 0 to 100; null for words that say nothing. */
export function riskScore(word: string | null): number | null {
  return risks.get(word?.toLowerCase() ?? '') ?? null;
}
