import { z } from 'zod';
import type { MicrosoftAction } from '../domain/actions/action-gateway.js';
import { identifier, text } from './members.js';
import { storable, storableOrNull } from './text.js';
import { compareTimes, microsoftTime } from './timestamps.js';

/** UTF-16 units. */
const caps = { id: 255, word: 50, comment: 4_000 };

/** Only `id` is indispensable: an action with a strange word in it may still be about to isolate a device. */
const record = z.object({
  id: identifier(caps.id),
  type: text,
  status: text,
  machineId: text,
  requestorComment: text,
  creationDateTimeUtc: text,
  lastUpdateDateTimeUtc: text,
  /** As the documentation's example spells it. */
  lastUpdateTimeUtc: text,
});

/** A machineAction of Defender; null for what is none. */
export function parseAction(sent: unknown): MicrosoftAction | null {
  const parsed = record.safeParse(sent);
  if (!parsed.success) return null;
  const { id, type, status, machineId, requestorComment, creationDateTimeUtc } = parsed.data;
  const { lastUpdateDateTimeUtc, lastUpdateTimeUtc } = parsed.data;
  return {
    id,
    type: storable(type ?? '', caps.word),
    status: storable(status ?? '', caps.word),
    microsoftDeviceId: storable(machineId ?? '', caps.id),
    comment: storableOrNull(requestorComment, caps.comment),
    createdAt: microsoftTime(creationDateTimeUtc),
    updatedAt: microsoftTime(lastUpdateDateTimeUtc) ?? microsoftTime(lastUpdateTimeUtc),
  };
}

/** What is no action is left out, and counted. */
export function parseActions(rows: readonly unknown[]): { actions: MicrosoftAction[]; malformed: number } {
  const actions = rows.map(parseAction).filter((action) => action !== null);
  return { actions, malformed: rows.length - actions.length };
}

/** For sorting: newest first, those without a time before all others, since they may be new. */
export function newestFirst(a: MicrosoftAction, b: MicrosoftAction): number {
  if (a.createdAt === null || b.createdAt === null) return Number(b.createdAt === null) - Number(a.createdAt === null);
  return compareTimes(b.createdAt, a.createdAt);
}
