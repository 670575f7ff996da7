/** A word of a command, or several in quotes; `at` and `end` are its place in the text. */
export interface Word {
  readonly text: string;
  readonly at: number;
  readonly end: number;
}

/** Splits at spaces, except within quotes. A quote that is not closed, or within a word, is a character like others. */
export function splitWords(text: string): Word[] {
  return [...text.matchAll(/"([^"]+)"(?=\s|$)|'([^']+)'(?=\s|$)|\S+/g)].map((match) => ({
    text: (match[1] ?? match[2])?.trim() ?? match[0],
    at: match.index,
    end: match.index + match[0].length,
  }));
}

export interface EntityName {
  readonly entity: 'alert' | 'incident' | 'action';
  readonly number: number;
}

const prefixes: ReadonlyMap<string, EntityName['entity']> = new Map([
  ['A', 'alert'],
  ['INC', 'incident'],
  ['ACT', 'action'],
]);

/** A-12, a12, INC-3, inc3, ACT-7. Null for everything else. */
export function entityName(word: string | undefined): EntityName | null {
  const match = /^(A|INC|ACT)-?([1-9]\d{0,8})[.,:]?$/i.exec(word ?? '');
  const entity = prefixes.get(match?.[1]?.toUpperCase() ?? '');
  return match?.[2] && entity ? { entity, number: Number(match[2]) } : null;
}
