import type { ZodType } from 'zod';
import type { Card } from '../../cards/card.js';
import type { Dialog } from '../../cards/dialog.js';
import type { Actor } from '../../domain/access/actor.js';
import type { Caller, Services } from '../../domain/services.js';

/** A button that was pressed or a form that was sent. */
export interface ActionCall {
  readonly services: Services;
  readonly caller: Caller;
  /** Teams id of the person, 29:..; an address, never an identity. */
  readonly teamsId: string | null;
  /** What carries the button: a root post, or a message of a personal chat; null for what stands in threads, and for commands. */
  readonly cardActivityId: string | null;
  /** Asked once per call, so that a refusal is audited once. */
  readonly actors: Map<string, Promise<Actor>>;
}

export interface Drawn {
  readonly card: Card;
  /** What became of it, for places where no card can be shown. */
  readonly sentence: string;
}

/** One file per verb makes one of these; the data it parses came from outside. */
export interface CardAction {
  readonly data: ZodType;
  readonly run: (call: ActionCall, data: unknown) => Promise<Drawn>;
  /** The card as it is now, for a refusal; null where there is no one card to show. */
  readonly fresh: ((call: ActionCall, data: unknown, notice: string) => Promise<Drawn>) | null;
  readonly open: ((call: ActionCall, data: unknown) => Promise<Dialog>) | null;
}

export function actorFor(call: ActionCall, tenantId: string): Promise<Actor> {
  const actor = call.actors.get(tenantId) ?? call.services.access.resolveActor(call.caller, tenantId);
  call.actors.set(tenantId, actor);
  return actor;
}
