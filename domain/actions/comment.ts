import { actionName } from '../names.js';
import { storable } from '../text.js';
import type { MicrosoftAction } from './action-gateway.js';
import type { DeviceAction, DeviceActionKind } from './action.js';

/** The mark by which an action of ours is found again at Microsoft. */
function markOf(actionId: string): string {
  return `avian:${actionId}`;
}

const marks = /avian:[0-9a-f-]{36}/g;

/** The last mark counts: it is ours, while those before it stand in what a person wrote, who may have copied one. */
export function bearsMark(report: MicrosoftAction, actionId: string): boolean {
  return report.comment?.toLowerCase().match(marks)?.at(-1) === markOf(actionId).toLowerCase();
}

const commentLimit = 1_000;
const nameLimit = 100;
const verbs: Readonly<Record<DeviceActionKind, string>> = { isolate: 'Isolate', unisolate: 'Release', scan: 'Scan' };

/** Microsoft shows only the application; this names the people, at most 1,000 characters. */
export function commentFor(
  action: DeviceAction & { readonly kind: DeviceActionKind },
  requester: string,
  approver: string | null,
): string {
  const alone = action.isBreakGlass ? ', acting alone in an emergency' : '';
  const approval = approver === null ? alone : `, approved by ${storable(approver, nameLimit)}`;
  const head = `${verbs[action.kind]} asked for by ${storable(requester, nameLimit)}${approval}: `;
  const tail = ` [${actionName(action.number)} ${markOf(action.id)}]`;
  return `${head}${storable(action.reason, commentLimit - head.length - tail.length)}${tail}`;
}

/** The words for a request to cancel. */
export function cancelComment(action: DeviceAction): string {
  const why = action.cancelRequestedBy === null ? 'its time was over' : 'a person asked for it';
  return `Cancelled by AVIAN, ${why} [${actionName(action.number)} ${markOf(action.id)}]`;
}
