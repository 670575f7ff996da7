import type { Result } from './check.js';

/** One line per check, then a summary. */
export function reportOf(results: readonly Result[]): string {
  const lines = results.map(
    ({ verdict, name, detail }) => `${verdict}  ${name}${detail === null ? '' : ` - ${detail}`}`,
  );
  return [...lines, '', summaryOf(results), ''].join('\n');
}

export function failed(results: readonly Result[]): boolean {
  return results.some((result) => result.verdict === 'FAIL');
}

function summaryOf(results: readonly Result[]): string {
  const count = (verdict: Result['verdict']) => results.filter((result) => result.verdict === verdict).length;
  const skipped = count('SKIP') === 0 ? '' : `, ${count('SKIP')} skipped`;
  return `${results.length} checks: ${count('PASS')} passed, ${count('FAIL')} failed${skipped}`;
}
