import type { Mention } from '../activity.js';

/** Characters of a message that are read; whoever writes more than this writes no command. */
const LONGEST = 10_000;
/** Stand for mentions while the text is taken apart; typed ones are removed first. */
const OPEN = '\uE000';
const CLOSE = '\uE001';

const named: ReadonlyMap<string, string> = new Map([
  ['nbsp', ' '],
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

export interface PlainText {
  /** One line; mentions of people stand in it as tokens that `mentionIn` reads. */
  readonly text: string;
  readonly people: readonly Mention[];
}

/** What the person typed: mentions of the bot taken out, markup and entities undone, quotes straight, spaces single. */
export function plainText(raw: string, mentions: readonly Mention[], botId: string | undefined): PlainText {
  let text = raw.slice(0, LONGEST).replace(/[\uE000\uE001]/g, '');
  const people: Mention[] = [];
  for (const mention of mentions) {
    if (mention.mentioned.id === botId) text = text.replaceAll(mention.text, ' ');
    else text = text.replace(mention.text, () => ` ${OPEN}${people.push(mention) - 1}${CLOSE} `);
  }
  return { text: tidy(decode(withoutTags(text))), people };
}

/** The person whom a word mentions; null for other words. */
export function mentionIn(word: string, people: readonly Mention[]): Mention | null {
  const index = /^\uE000(\d+)\uE001$/.exec(word)?.[1];
  return index === undefined ? null : (people[Number(index)] ?? null);
}

/** Tokens of mentions as names, for notes and reasons. */
export function withNames(text: string, people: readonly Mention[]): string {
  return text.replace(/\uE000(\d+)\uE001/g, (_, index: string) => people[Number(index)]?.mentioned.name ?? '');
}

function withoutTags(text: string): string {
  return text.replace(/<\/?(?:p|div|br|span|at|strong|em|b|i|u|s|code|pre|a|ul|ol|li)(?:\s[^<>]*)?\/?>/gi, ' ');
}

function decode(text: string): string {
  return text.replace(/&(#x[\da-f]{1,6}|#\d{1,7}|[a-z]{2,6});/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return named.get(name.toLowerCase()) ?? whole;
    const code = /^#x/i.test(name) ? parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code > 31 && code < 0xd800 ? String.fromCodePoint(code) : ' ';
  });
}

function tidy(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/g, '')
    .replace(/[“”„‟«»＂]/g, '"')
    .replace(/[‘’‚‛]/g, "'")
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}
