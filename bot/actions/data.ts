import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ZodType } from 'zod';
import { NOTE_LENGTH } from '../../cards/dialog.js';
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
  entity: z.enum(['alert', 'incident']),
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

/** What a button that stands in a list carries besides, so that the same page can be shown again. */
export const listRow = z.object({ list: z.literal('queue'), cursor: z.string().min(1).max(1000).optional() });

/** What a person wrote; the domain says what is too little. */
export const note = z.string('Write a sentence.').trim().max(NOTE_LENGTH, sentences.tooLong(NOTE_LENGTH));
export const person = z.guid('Choose a person.').transform((value) => value.toLowerCase());
export const chosenAlert = z.guid('Choose an alert.').transform((value) => value.toLowerCase());
export const outcome = z.enum(['closed_benign', 'closed_false_positive'], 'Choose an outcome.');
export const nothing = z.object({});

/** What was filled in, or a DomainError that says what is missing. */
export function readInputs<Inputs>(schema: ZodType<Inputs>, raw: unknown): Inputs {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw new DomainError('invalid', parsed.error.issues[0]?.message ?? sentences.brokenButton);
}

/** The same act has the same key whatever Teams delivers; another text on the same card is another act. */
export function clickOf(actor: Actor, data: EntityActionData, inputs: object, call: ActionCall): Click {
  const written = JSON.stringify(inputs);
  const { activityId, conversationId } = call.caller;
  const digest = written === '{}' ? '' : `:${createHash('sha256').update(written).digest('base64url').slice(0, 16)}`;
  return {
    actor,
    entityId: data.entityId,
    version: data.version,
    idempotencyKey: `${data.verb}:${data.entityId}:${data.version}:${actor.aadObjectId}${digest}`,
    activityId,
    card: call.cardActivityId === null ? null : { conversationId, activityId: call.cardActivityId },
  };
}
