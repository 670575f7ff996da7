import { drawCard } from './layout.js';
import type { Card } from './card.js';
import { expand } from './templates.js';
import { asPlain } from './text.js';

/** Somebody to be named and notified; the name is untrusted, the id that of Entra. */
export interface Mentioned {
  readonly aadObjectId: string;
  readonly name: string;
}

const NAME = 80;
const TEXT = 600;
const MENTIONS = 20;

/** A sentence for people who are named in a channel; each is notified by Teams, 20 at most. */
export function drawMention(people: readonly Mentioned[], text: string): Card {
  const named = distinct(people).slice(0, MENTIONS);
  const line = asPlain(text, TEXT);
  const names = named.map(({ name }) => name).join(', ');
  const card = drawCard({
    about: 'mention',
    fallbackText: `${names}: ${line}`,
    summary: `${names}: ${line}`,
    body: [expand('hint', { style: 'default', text: `${named.map(tagOf).join(', ')}: ${line}` })],
    actions: [],
  });
  const entities = named.map((one) => ({
    type: 'mention',
    text: tagOf(one),
    mentioned: { id: one.aadObjectId, name: one.name },
  }));
  return { ...card, content: { ...card.content, msteams: { width: 'Full', entities } } };
}

function tagOf({ name }: Mentioned): string {
  return `<at>${name}</at>`;
}

/** Teams finds a person by the text of the tag, so that two of one name need different texts. */
function distinct(people: readonly Mentioned[]): Mentioned[] {
  const used = new Map<string, number>();
  return people.map(({ aadObjectId, name }) => {
    const plain = asPlain(name, NAME) || 'Somebody';
    const times = (used.get(plain) ?? 0) + 1;
    used.set(plain, times);
    return { aadObjectId, name: times === 1 ? plain : `${plain} (${times})` };
  });
}
