/** The candidate that differs least, when it differs in at most a third of the letters and two at the most. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const [best] = candidates
    .map((candidate) => ({ candidate, steps: distance(word.slice(0, 30), candidate) }))
    .sort((a, b) => a.steps - b.steps);
  if (!best || word === '') return null;
  return best.steps <= Math.min(2, Math.ceil(best.candidate.length / 3)) ? best.candidate : null;
}

/** Insertions, deletions, replacements and swaps of neighbours. */
function distance(a: string, b: string): number {
  const rows: number[][] = Array.from({ length: a.length + 1 }, (_, i) => [i]);
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Math.max(i, j);
  for (let i = 1; i <= a.length; i++) {
    for (let j = 0; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const steps = j === 0 ? i : Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + cost);
      (rows[i] ?? [])[j] = swapped ? Math.min(steps, at(i - 2, j - 2) + 1) : steps;
    }
  }
  return at(a.length, b.length);
}
