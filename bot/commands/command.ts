import type { Card } from '../../cards/card.js';
import type { Actor } from '../../domain/access/actor.js';
import { DomainError } from '../../domain/errors.js';
import type { Caller, Click, Services } from '../../domain/services.js';
import type { ActionCall, Drawn } from '../actions/action.js';
import type { People } from '../people.js';
import type { Args } from './parse.js';
import type { EntityName } from './words.js';

export type Reply = { readonly card: Card } | { readonly text: string };

export interface CommandCall extends ActionCall {
  readonly services: Services;
  readonly caller: Caller;
  readonly args: Args;
  /** In a personal chat the tenant that was named, or the only one; else null: the conversation says. */
  readonly tenantId: string | null;
  /** Same message, same key. */
  readonly idempotencyKey: string;
  readonly people: People;
}

/** One file per command makes one of these; help and the manifest are generated from them. */
export interface Command {
  readonly name: string;
  /** As help shows it. */
  readonly usage: string;
  readonly does: string;
  /** Where Teams offers it after a slash; at most 12 in each scope. */
  readonly slash: readonly ('team' | 'personal')[];
  /** True when the end of the text is the person's own words, in which no tenant is looked for. */
  readonly endsInText?: boolean;
  /** False when it is answered before it is clear in which tenant. */
  readonly needsTenant?: boolean;
  readonly run: (call: CommandCall) => Promise<Reply>;
}

export function actor(call: CommandCall): Promise<Actor> {
  const key = call.tenantId ?? '';
  const known = call.actors.get(key) ?? call.services.access.resolveActor(call.caller, call.tenantId);
  call.actors.set(key, known);
  return known;
}

export function clickOn(call: CommandCall, who: Actor, entityId: string): Click {
  const { idempotencyKey, caller } = call;
  return { actor: who, entityId, version: null, idempotencyKey, activityId: caller.activityId };
}

const examples: Readonly<Record<EntityName['entity'], string>> = {
  alert: 'an alert, such as A-12',
  incident: 'an incident, such as INC-3',
  action: 'an action, such as ACT-7',
};

/** The entity that the command is about. Throws DomainError with the usage. */
export function entityAt<E extends EntityName['entity']>(
  call: CommandCall,
  place: number,
  entity: E,
  usage: string,
): EntityName & { entity: E } {
  const found = call.args.entity(place);
  if (found?.entity === entity) return found as EntityName & { entity: E };
  throw new DomainError('invalid', `Say ${examples[entity]}: ${usage}`);
}

/** In a channel the one card is there already, and a sentence is enough; a personal chat shows the card. */
export function answer(call: CommandCall, drawn: Drawn): Reply {
  return call.caller.conversationKind === 'personal' ? { card: drawn.card } : { text: drawn.sentence };
}
