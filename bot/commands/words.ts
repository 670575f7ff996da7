/** A word of a command, or several in quotes; `at` and `end` are its place in the text. */
export interface Word {
  readonly text: string;
  readonly at: number;
  readonly end: number;
}

/** Splits at spaces, except within double quotes. A quote that is not closed is a character like others. */
export function splitWords(text: string): Word[] {
  return [...text.matchAll(/"([^"]+)"(?=\s|$)|\S+/g)].map((match) => ({
    text: match[1]?.trim() ?? match[0],
    at: match.index,
    end: match.index + match[0].length,
  }));
}

export interface EntityName {
  readonly entity: 'alert' | 'incident';
  readonly number: number;
}

/** A-12, a12, INC-3, inc3. Null for everything else. */
export function entityName(word: string | undefined): EntityName | null {
  const match = /^(A|INC)-?([1-9]\d{0,8})[.,:]?$/i.exec(word ?? '');
  if (!match?.[1] || !match[2]) return null;
  return { entity: match[1].toUpperCase() === 'A' ? 'alert' : 'incident', number: Number(match[2]) };
}
