import type { Mention } from '../activity.js';
import { mentionIn, withNames } from './plain-text.js';
import type { PlainText } from './plain-text.js';
import { entityName, splitWords } from './words.js';
import type { EntityName } from './words.js';

/** What follows the name of a command. */
export interface Args {
  /** Word by place, from 0; quotes are taken off. */
  word(place: number): string | undefined;
  mention(place: number): Mention | null;
  entity(place: number): EntityName | null;
  /** Everything from that word on, as it was typed. */
  rest(place: number): string;
  readonly count: number;
}

export interface ParsedCommand {
  /** Lower case, without the slash; '' when nothing was said. */
  readonly name: string;
  readonly args: Args;
}

export function parseCommand({ text, people }: PlainText): ParsedCommand {
  const [first, ...words] = splitWords(text.replace(/^\/\s*/, ''));
  const source = text.replace(/^\/\s*/, '');
  const args: Args = {
    word: (place) => words[place]?.text,
    mention: (place) => mentionIn(words[place]?.text ?? '', people),
    entity: (place) => entityName(words[place]?.text),
    rest: (place) => {
      const from = words[place]?.at;
      return from === undefined ? '' : withNames(source.slice(from), people).trim();
    },
    count: words.length,
  };
  return { name: (first?.text ?? '').toLowerCase(), args };
}
