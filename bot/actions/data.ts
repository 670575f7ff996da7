import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ZodType } from 'zod';
import { NOTE_LENGTH } from '../../cards/dialog.js';
import type { CardEntity } from '../../cards/card.js';
import { longestReason } from '../../domain/actions/action-rules.js';
import type { Actor } from '../../domain/access/actor.js';
import { DomainError } from '../../domain/errors.js';
import type { Click } from '../../domain/services.js';
import { sentences } from '../sentences.js';
import type { ActionCall } from './action.js';

const id = z.guid().transform((value) => value.toLowerCase());

/** What every button about an entity carries: ids and numbers, nothing that is believed. */
export const entityData = z.object({
  verb: z.string().max(100),
  tenantId: id,
  entity: z.enum(['alert', 'incident', 'device', 'action', 'policy_change']),
  entityId: id,
  version: z.int().min(0).max(2_147_483_647),
  schema: z.int().min(1).max(1_000_000),
});
export type EntityActionData = z.infer<typeof entityData>;

export const listData = z.object({
  verb: z.literal('list.page'),
  tenantId: id,
  list: z.enum(['queue', 'mine', 'incidents']),
  which: z.enum(['open', 'all']).default('open'),
  cursor: z.string().min(1).max(1000),
  schema: z.int().min(1).max(1_000_000),
});

export const syncData = z.object({
  verb: z.literal('sync.show'),
  tenantId: id,
  schema: z.int().min(1).max(1_000_000),
});

/** What a button that stands in a list carries besides, so that the same page can be shown again. */
export const listRow = z.object({ list: z.literal('queue'), cursor: z.string().min(1).max(1000).optional() });

/** What a person wrote; the domain says what is too little. */
export const note = z.string('Write a sentence.').trim().max(NOTE_LENGTH, sentences.tooLong(NOTE_LENGTH));
export const person = z.guid('Choose a person.').transform((value) => value.toLowerCase());
export const chosenAlert = z.guid('Choose an alert.').transform((value) => value.toLowerCase());
export const outcome = z.enum(['closed_benign', 'closed_false_positive'], 'Choose an outcome.');
export const chosenDevice = z.guid('Choose a device.').transform((value) => value.toLowerCase());
export const nothing = z.object({});

/** How many actions each device of a form has had; more than a form offers is not one of ours. */
const actionCounts = z
  .record(id, z.int().min(0).max(1_000_000_000))
  .refine((counts) => Object.keys(counts).length <= 100);

/** What a form for an action on a device brings back. */
export const requested = z.object({
  deviceId: chosenDevice,
  actionCounts,
  parameter: z.string('Choose one.').max(20).nullable().default(null),
  reason: z.string('Write a sentence.').trim().max(longestReason, sentences.tooLong(longestReason)),
});
export type Requested = z.infer<typeof requested>;

/** What was filled in, or a DomainError that says what is missing. */
export function readInputs<Inputs>(schema: ZodType<Inputs>, raw: unknown): Inputs {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw new DomainError('invalid', parsed.error.issues[0]?.message ?? sentences.brokenButton);
}

/** The same act has the same key whatever Teams delivers; another text on the same card is another act. */
export function clickOf(actor: Actor, data: EntityActionData, inputs: object, call: ActionCall): Click {
  return {
    actor,
    entityId: data.entityId,
    version: data.version,
    idempotencyKey: `${data.verb}:${data.entityId}:${data.version}:${actor.aadObjectId}${digestOf(inputs)}`,
    activityId: call.caller.activityId,
    card: clickedCard(call, data.entity),
  };
}

/**
 * A request for an action: the same form sent twice is one, and the same words are a new one as soon as the device has had
 * another action since the form was opened.
 */
export function requestClick(actor: Actor, verb: string, inputs: Requested, call: ActionCall): Click {
  const { deviceId, parameter, reason } = inputs;
  const count = inputs.actionCounts[deviceId];
  if (count === undefined) throw new DomainError('invalid', sentences.brokenButton);
  return {
    actor,
    entityId: deviceId,
    version: null,
    idempotencyKey: `${verb}:${deviceId}:${count}:${actor.aadObjectId}${digestOf({ parameter, reason })}`,
    activityId: call.caller.activityId,
    card: null,
  };
}

function digestOf(inputs: object): string {
  const written = JSON.stringify(inputs);
  return written === '{}' ? '' : `:${createHash('sha256').update(written).digest('base64url').slice(0, 16)}`;
}

/** Personal chats hold cards that people are asked with; those of alerts, incidents and devices there are answers, never the one card. */
const askedWith: ReadonlySet<CardEntity> = new Set(['action', 'policy_change']);

/** The card that was clicked, where it is one that delivery posts and redraws. */
export function clickedCard(call: ActionCall, entity: CardEntity): NonNullable<Click['card']> | null {
  const { cardActivityId, caller } = call;
  if (cardActivityId === null || entity === 'device') return null;
  if (caller.conversationKind === 'personal' && !askedWith.has(entity)) return null;
  return { conversationId: caller.conversationId, activityId: cardActivityId };
}
