import { CARD_SCHEMA } from '../../cards/card.js';
import type { Dialog } from '../../cards/dialog.js';
import { toFault } from '../faults.js';
import type { Fault } from '../faults.js';
import type { BotLog } from '../log.js';
import { sentences } from '../sentences.js';
import type { ActionCall, CardAction, Drawn } from './action.js';
import { findAction } from './index.js';

/** done: the card after the act. fresh: nothing was done, and the card as it is says why. failed: there is only a sentence. */
export type ActionResult =
  | { readonly kind: 'done'; readonly drawn: Drawn }
  | { readonly kind: 'fresh'; readonly drawn: Drawn; readonly fault: Fault }
  | { readonly kind: 'failed'; readonly fault: Fault };

export type OpenResult =
  { readonly kind: 'open'; readonly dialog: Dialog } | { readonly kind: 'failed'; readonly fault: Fault };

export interface Performance {
  readonly call: ActionCall;
  readonly log: BotLog;
  /** For the log. */
  readonly fields: object;
  /** Told of a card that was looked at or refused: an act itself notes in its own transaction where its card stands. */
  readonly noticeCard: (call: ActionCall, raw: unknown) => void;
}

/** Acts on the data of a button or a form. Never throws; nothing runs on data that cannot be read. */
export async function perform(on: Performance, raw: unknown): Promise<ActionResult> {
  const action = readAction(raw);
  if ('code' in action) return { kind: 'failed', fault: action };
  if (schemaOf(raw) > CARD_SCHEMA) {
    return freshOr(on, action, raw, { code: 'conflict', sentence: sentences.newerCard });
  }
  try {
    const drawn = await action.run(on.call, raw);
    if (verbOf(raw) === 'card.refresh') on.noticeCard(on.call, raw);
    return { kind: 'done', drawn };
  } catch (error) {
    const fault = toFault(error, on.log, { ...on.fields, verb: verbOf(raw) });
    const isStale = fault.code === 'conflict' || fault.code === 'refused';
    return isStale ? freshOr(on, action, raw, fault) : { kind: 'failed', fault };
  }
}

/** Draws the form that a button opens. Never throws. */
export async function open(on: Performance, raw: unknown): Promise<OpenResult> {
  const action = readAction(raw);
  if ('code' in action) return { kind: 'failed', fault: action };
  if (!action.open) return { kind: 'failed', fault: { code: 'invalid', sentence: sentences.noDialog } };
  try {
    return { kind: 'open', dialog: await action.open(on.call, raw) };
  } catch (error) {
    return { kind: 'failed', fault: toFault(error, on.log, { ...on.fields, verb: verbOf(raw) }) };
  }
}

/** The current card with the reason on top, for whoever may read it. */
async function freshOr(on: Performance, action: CardAction, raw: unknown, fault: Fault): Promise<ActionResult> {
  if (!action.fresh) return { kind: 'failed', fault };
  try {
    const drawn = await action.fresh(on.call, raw, fault.sentence);
    on.noticeCard(on.call, raw);
    return { kind: 'fresh', fault, drawn };
  } catch (error) {
    on.log.debug({ ...on.fields, err: error }, 'No fresh card could be shown');
    return { kind: 'failed', fault };
  }
}

function readAction(raw: unknown): CardAction | Fault {
  const action = findAction(verbOf(raw));
  if (!action) return { code: 'invalid', sentence: sentences.unknownButton };
  return action.data.safeParse(raw).success ? action : { code: 'invalid', sentence: sentences.brokenButton };
}

function verbOf(raw: unknown): unknown {
  return typeof raw === 'object' && raw !== null && Object.hasOwn(raw, 'verb')
    ? (raw as { verb: unknown }).verb
    : undefined;
}

function schemaOf(raw: unknown): number {
  return Number((raw as { schema: unknown }).schema);
}
