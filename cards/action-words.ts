import type {
  ActionKind,
  ActionStatus,
  ActionView,
  AskedPerson,
  DeviceAction,
  OpenAction,
} from '../domain/actions/action.js';
import type { HeaderLook } from './words.js';
import { asPlain } from './text.js';
import { actionName } from './words.js';

interface KindLook {
  readonly icon: string;
  /** On the header of its card. */
  readonly title: string;
  readonly noun: string;
  /** What the device is afterwards. */
  readonly done: string;
}

export const kindLooks: Record<ActionKind, KindLook> = {
  isolate: { icon: '■', title: 'Isolate device', noun: 'Isolation', done: 'The device is isolated.' },
  unisolate: { icon: '□', title: 'Release device', noun: 'Release', done: 'The device is released from isolation.' },
  scan: { icon: '◎', title: 'Scan device', noun: 'Scan', done: 'The device was scanned.' },
  resolve_alert: {
    icon: '✓',
    title: 'Resolve alert at Microsoft',
    noun: 'Resolving the alert at Microsoft',
    done: 'The alert is resolved at Microsoft.',
  },
};

const actionLooks: Record<ActionStatus, HeaderLook & { readonly icon: string; readonly word: string }> = {
  requested: { icon: '◷', word: 'Waiting for approval', style: 'warning', color: 'Warning' },
  approved: { icon: '▷', word: 'Approved', style: 'accent', color: 'Default' },
  pending: { icon: '◷', word: 'Queued', style: 'accent', color: 'Default' },
  in_progress: { icon: '▷', word: 'In progress', style: 'accent', color: 'Default' },
  unknown: { icon: '?', word: 'Outcome not known', style: 'attention', color: 'Attention' },
  completed: { icon: '✓', word: 'Completed', style: 'good', color: 'Default' },
  failed: { icon: '✕', word: 'Failed', style: 'attention', color: 'Attention' },
  timed_out: { icon: '✕', word: 'Timed out', style: 'attention', color: 'Attention' },
  cancelled: { icon: '–', word: 'Cancelled', style: 'emphasis', color: 'Default' },
  rejected: { icon: '✕', word: 'Rejected', style: 'emphasis', color: 'Default' },
  expired: { icon: '◷', word: 'Expired', style: 'emphasis', color: 'Default' },
};

const beingSent = { icon: '▷', word: 'Being sent', style: 'accent', color: 'Default' };

/** The request is on its way: until an answer or its absence is written down, its outcome counts as unknown. */
export function isBeingSent({ status, resultMessage }: Pick<DeviceAction, 'status' | 'resultMessage'>): boolean {
  return status === 'unknown' && resultMessage === null;
}

export function lookOf(action: Pick<DeviceAction, 'status' | 'resultMessage'>) {
  return isBeingSent(action) ? beingSent : actionLooks[action.status];
}

const openWords: Record<ActionStatus, string> = {
  requested: 'waits for approval',
  approved: 'is approved and about to be sent',
  pending: 'is queued at Microsoft',
  in_progress: 'is in progress',
  unknown: 'was sent; its outcome is not known yet',
  completed: 'is completed',
  failed: 'failed',
  timed_out: 'timed out',
  cancelled: 'is cancelled',
  rejected: 'was rejected',
  expired: 'expired before anybody approved it',
};

/** "Isolation ACT-7 waits for approval"; `of` names the device, with a space before it. */
export function openActionWords({ kind, number, status, isDryRun }: OpenAction, of = ''): string {
  return `${kindLooks[kind].noun} ${actionName(number)}${of} ${openWords[status]}${isDryRun ? ' (dry run)' : ''}`;
}

const reachedWords: Record<NonNullable<AskedPerson['reached']>, string> = {
  personal: 'asked in the personal chat',
  mention: 'mentioned in the channel',
  nowhere: 'could not be reached',
};

export function reached(person: Pick<AskedPerson, 'reached'>): string {
  return person.reached === null ? 'being asked' : reachedWords[person.reached];
}

/** "Maya Chen, Alex Rivera and 2 others": names are untrusted, the result is plain. */
export function namesOf(people: readonly { readonly displayName: string }[], most = 3): string {
  const names = people.slice(0, most).map(({ displayName }) => asPlain(displayName, 60) || 'somebody');
  const left = people.length - names.length;
  if (left > 0) return `${names.join(', ')} and ${left === 1 ? '1 other' : `${left} others`}`;
  return names.length < 2 ? (names[0] ?? 'nobody') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}

/** What became of an action, in one sentence or two, for places where no card can be shown. */
export function actionSentence(view: ActionView): string {
  const { action, device } = view;
  const what = kindLooks[action.kind].noun.toLowerCase();
  const of = device ? ` of ${asPlain(device.name, 60) || 'a device without a name'}` : '';
  const state = stateInSentence(view);
  const dryRun = action.isDryRun ? ' Dry run: nothing is sent to Microsoft.' : '';
  return `${actionName(action.number)}: ${what}${of} ${state}.${whoIsAsked(view)}${dryRun}`;
}

/** Not "approved" of what needed no approval. */
function stateInSentence({ action }: ActionView): string {
  if (action.status === 'requested') return 'is requested';
  return action.status === 'approved' && !action.needsApproval ? 'is about to be sent' : openWords[action.status];
}

/** " Ann Ek and Bo Berg are asked." */
export function areAsked(asked: readonly Pick<ActionView['asked'][number], 'displayName'>[]): string {
  return ` ${namesOf(asked)} ${asked.length === 1 ? 'is' : 'are'} asked.`;
}

function whoIsAsked({ action, asked, requester }: ActionView): string {
  if (action.isBreakGlass && action.reviewedAt === null && action.status === 'approved')
    return ` ${asPlain(requester.displayName, 60)} acted alone; another admin has to look at it.`;
  if (action.status !== 'requested') return '';
  if (asked.length === 0) return ' Nobody here could approve it.';
  return areAsked(asked);
}
