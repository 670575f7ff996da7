import type { ActionVerb } from '../domain/actions/life-cycle.js';
import type { PolicyVerb } from '../domain/actions/policy.js';
import type { AlertVerb } from '../domain/alerts/life-cycle.js';
import type { DeviceVerb } from '../domain/devices/device.js';
import type { IncidentVerb } from '../domain/incidents/life-cycle.js';

/** Raised when the meaning of the data on cards changes; a card of an older schema is answered with a fresh one. */
export const CARD_SCHEMA = 1;

/** UTF-8 bytes of JSON. Teams takes more, webhooks and older clouds do not. */
export const CARD_BYTES = 25_000;

/** What to post: `content` is the Adaptive Card, `summary` the plain text for toasts and the activity feed. */
export interface Card {
  readonly content: CardContent;
  readonly summary: string;
}

export type CardContent = Readonly<Record<string, unknown>>;
export type CardEntity = 'alert' | 'incident' | 'device' | 'action' | 'policy_change';
export type CardVerb = AlertVerb | IncidentVerb | DeviceVerb | ActionVerb | PolicyVerb | 'device.show' | 'card.refresh';

/** The data of every button and dialog about an entity: ids only, and untrusted when it comes back. */
export interface CardActionData {
  readonly verb: CardVerb;
  readonly tenantId: string;
  readonly entity: CardEntity;
  readonly entityId: string;
  /** The entity's version when the card was drawn. */
  readonly version: number;
  readonly schema: number;
}

/** The data of the button that turns a page of a list. */
export interface ListPageData {
  readonly verb: 'list.page';
  readonly tenantId: string;
  readonly list: 'queue' | 'mine' | 'incidents';
  readonly cursor: string;
  readonly schema: number;
}

/** The data of the button that shows anew how the reading of a tenant stands. */
export interface SyncShowData {
  readonly verb: 'sync.show';
  readonly tenantId: string;
  readonly schema: number;
}

export interface CardOptions {
  /** A line on top: a refusal, or who was faster. */
  readonly notice?: string;
  /** Teams ids (29:..) whose clients ask for a fresh card when they show it; at most 10 are used. Without it nobody's does. */
  readonly refreshFor?: readonly string[];
}

export function cardBytes(content: CardContent): number {
  return Buffer.byteLength(JSON.stringify(content));
}

/** Draws with the first, most generous limits whose card is small enough; the last ones are taken whatever comes. */
export function drawWithin<L>(limits: readonly [L, ...L[]], draw: (limits: L) => Card): Card {
  const [first, second, ...rest] = limits;
  const card = draw(first);
  if (second === undefined || cardBytes(card.content) <= CARD_BYTES) return card;
  return drawWithin([second, ...rest], draw);
}
