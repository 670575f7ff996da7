import { CARD_SCHEMA } from './card.js';
import type { Card, CardContent, CardEntity, CardOptions } from './card.js';
import { directButton } from './buttons.js';
import type { EntityData } from './buttons.js';
import { expand } from './templates.js';
import { asPlain, asRun } from './text.js';

/** A label over a value. A time is ours and may hold macros; everything else is drawn where markdown and macros are not read. */
export interface Fact {
  readonly label: string;
  readonly value: string;
  readonly isTime: boolean;
}

/** What a button shows and hides. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** A width of Adaptive Cards, so that the texts beside the labels line up. */
  readonly labelWidth: string;
  readonly lines: readonly { readonly label: string; readonly text: string; readonly isTime: boolean }[];
}

/** An action that only shows something. */
export type Link = CardContent & { readonly title: string };

export interface CardParts {
  /** What the card is about: alert, incident, queue .. */
  readonly about: string;
  readonly fallbackText: string;
  readonly summary: string;
  readonly body: readonly CardContent[];
  readonly actions: readonly CardContent[];
}

const SUMMARY = 200;
const FALLBACK = 700;
const NOTICE = 300;
const REFRESHERS = 10;

/** The frame around every card. Its id names the schema, so that an old card can be told from a new one. */
export function drawCard(parts: CardParts): Card {
  const content = expand('card', {
    id: `avian-${parts.about}-${CARD_SCHEMA}`,
    fallbackText: asPlain(parts.fallbackText, FALLBACK),
    body: parts.body,
    actions: parts.actions,
  });
  return { content, summary: asPlain(parts.summary, SUMMARY) };
}

export function drawNoticeLine(notice: string | undefined): CardContent[] {
  const text = asRun(notice, NOTICE);
  return text ? [expand('notice', { text })] : [];
}

/** Clients of the listed people ask for a fresh card by themselves; no list, no asking. */
export function withRefresh(card: Card, data: EntityData, refreshFor: CardOptions['refreshFor']): Card {
  return refreshedBy(card, { verb: 'card.refresh', ...data }, refreshFor);
}

/** The same for a card that is about no entity: `refreshed` is what its clients send. */
export function refreshedBy(
  card: Card,
  refreshed: { readonly verb: string } & CardContent,
  refreshFor: CardOptions['refreshFor'],
): Card {
  if (!refreshFor || refreshFor.length === 0) return card;
  const { fallback: _, ...action } = directButton('Refresh', refreshed);
  return { ...card, content: { ...card.content, refresh: { action, userIds: refreshFor.slice(0, REFRESHERS) } } };
}

export function fact(label: string, value: unknown, max = 120): Fact {
  return { label, value: asRun(value, max), isTime: false };
}

export function timeFact(label: string, value: string): Fact {
  return { label, value, isTime: true };
}

/** Two columns, filled row by row; facts without a value are left out. */
export function drawFacts(facts: readonly Fact[]): CardContent {
  const known = facts.filter((one) => one.value !== '');
  const columns = [0, 1].map((side) => ({ facts: known.filter((_, place) => place % 2 === side) }));
  return expand('facts', { columns });
}

/**
 * Sections without a line are left out; `outside` are links that stand beside those that open them. All are drawn as links, so
 * that the buttons of a card are what can be done about it.
 */
export function drawDetails(sections: readonly Section[], outside: readonly Link[]): CardContent[] {
  const filled = sections.filter((section) => section.lines.length > 0);
  const toggles = filled.map(({ id, title }) => ({ type: 'Action.ToggleVisibility', title, targetElements: [id] }));
  const links = [...toggles, ...outside].map((action) => ({
    title: action.title,
    width: linkWidth(action.title),
    action,
  }));
  if (links.length === 0) return [];
  const drawn = filled.map((section) => ({
    ...section,
    lines: section.lines.map((one) => ({ ...one, labelWidth: section.labelWidth })),
  }));
  return [expand('details', { sections: drawn, links })];
}

/** Narrow cards squeeze columns, and a single word would break. */
function linkWidth(title: string): string {
  return title.includes(' ') ? 'auto' : `${8 * title.length}px`;
}

/** A line of text, perhaps after a word in bold; both may be untrusted. */
export interface TextLine {
  readonly strong?: unknown;
  readonly text: unknown;
}

/** `heading` is of ours, '' for none; lines without a text are left out. `max` counts characters of each line. */
export function drawLines(heading: string, lines: readonly TextLine[], max: number, separator = false): CardContent[] {
  const drawn = lines
    .map(({ strong, text }) => ({ strong: asRun(strong, 120), text: asRun(text, max) }))
    .filter(({ text }) => text !== '');
  return drawn.length === 0 ? [] : [expand('lines', { heading, separator, lines: drawn })];
}

/** A sentence in a box; `text` is of ours, or went through asPlain. */
export function drawHint(style: 'good' | 'warning' | 'attention' | 'accent' | 'emphasis', text: string): CardContent {
  return expand('hint', { style, text });
}

export function openUrl(title: string, url: string | null): Link[] {
  return url ? [{ type: 'Action.OpenUrl', title, url }] : [];
}

export function entityData(
  entity: CardEntity,
  row: { readonly tenantId: string; readonly id: string; readonly version: number },
): EntityData {
  return { tenantId: row.tenantId, entity, entityId: row.id, version: row.version, schema: CARD_SCHEMA };
}
