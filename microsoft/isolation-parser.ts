import { z } from 'zod';
import type { IsolationState, SourceIsolation } from '../domain/devices/device-source.js';
import { identifier, text } from './members.js';
import type { RecordParser } from './page-records.js';
import { microsoftTime } from './timestamps.js';

/** UTF-16 units. */
const longestId = 255;
const machineId = identifier(longestId);

const members = z.object({
  id: identifier(longestId),
  type: text,
  status: text,
  scope: text,
  machineId: text,
  creationDateTimeUtc: text,
  lastUpdateDateTimeUtc: text,
  /** As the documentation's example spells it. */
  lastUpdateTimeUtc: text,
});
type ActionRecord = z.infer<typeof members>;

/** Only of what says that a machine is isolated or released must the machine and the time be there. */
const record = members.superRefine((action, context) => {
  if (stateAfter(action) === null) return;
  const machine = machineId.safeParse(action.machineId ?? undefined);
  for (const { message } of machine.error?.issues ?? [])
    context.addIssue({ code: 'custom', path: ['machineId'], message });
  if (doneAt(action) === null)
    context.addIssue({ code: 'custom', path: ['lastUpdateDateTimeUtc'], message: 'is no time' });
});

/** A machine action of Defender's /api/machineactions as what it says of isolation; nothing for all others. */
export const isolationParser: RecordParser<ActionRecord, SourceIsolation> = { record, toItem };

function toItem(action: ActionRecord): SourceIsolation | null {
  const state = stateAfter(action);
  const at = doneAt(action);
  if (state === null || at === null) return null;
  return { microsoftDeviceId: machineId.parse(action.machineId), state, at };
}

function stateAfter({ type, status, scope }: ActionRecord): IsolationState | null {
  if (status?.toLowerCase() !== 'succeeded') return null;
  if (type?.toLowerCase() === 'unisolate') return 'not_isolated';
  if (type?.toLowerCase() !== 'isolate') return null;
  return scope?.toLowerCase() === 'selective' ? 'selectively_isolated' : 'isolated';
}

function doneAt({ lastUpdateDateTimeUtc, lastUpdateTimeUtc, creationDateTimeUtc }: ActionRecord): string | null {
  return microsoftTime(lastUpdateDateTimeUtc) ?? microsoftTime(lastUpdateTimeUtc) ?? microsoftTime(creationDateTimeUtc);
}
