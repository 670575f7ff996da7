import type { Actor } from '../../domain/access/actor.js';
import type { ActionPolicy } from '../../domain/actions/policy.js';
import { DomainError } from '../../domain/errors.js';
import type { CommandCall } from './command.js';
import { personAmong } from './person-argument.js';

export interface PolicyArgument {
  readonly change: Partial<ActionPolicy>;
  /** Place of the first word after it. */
  readonly next: number;
}

/** How each rule is set, as help shows it. */
export const policyUsage: readonly string[] = [
  'policy dry-run on|off <reason>',
  'policy approval isolate|release|scan on|off <reason>',
  'policy peers on|off <reason>',
  'policy queue <hours> <reason>',
  'policy write-back on|off <reason>',
  'policy break-glass add|remove @person <reason>',
];

type Reader = (call: CommandCall, who: Actor, current: ActionPolicy) => PolicyArgument | Promise<PolicyArgument>;

const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['dry-run', (call) => ({ change: { dryRun: onOff(call, 1) }, next: 2 })],
  ['peers', (call) => ({ change: { peers: onOff(call, 1) }, next: 2 })],
  ['write-back', (call) => ({ change: { writeBack: onOff(call, 1) }, next: 2 })],
  ['queue', (call) => ({ change: { queueHours: hours(call, 1) }, next: 2 })],
  ['approval', approval],
  ['break-glass', breakGlass],
]);

/** The change that the words mean. Throws DomainError with how each rule is set. */
export function changeAt(call: CommandCall, who: Actor, current: ActionPolicy): Promise<PolicyArgument> {
  const rule = call.args.word(0)?.toLowerCase().replaceAll('_', '-') ?? '';
  const reader = readers.get(rule === 'dryrun' ? 'dry-run' : rule === 'writeback' ? 'write-back' : rule);
  if (!reader) throw unclear();
  return Promise.resolve(reader(call, who, current));
}

function unclear(): DomainError {
  return new DomainError('invalid', `Say which rule, and how it shall be: ${policyUsage.join('; ')}`);
}

function onOff(call: CommandCall, place: number): boolean {
  const said = call.args.word(place)?.toLowerCase();
  if (said !== 'on' && said !== 'off') throw unclear();
  return said === 'on';
}

/** "24", "24h". */
function hours(call: CommandCall, place: number): number {
  const said = /^(\d{1,3})\s*h?$/i.exec(call.args.word(place) ?? '')?.[1];
  const count = Number(said);
  if (said === undefined || count < 1 || count > 72) {
    throw new DomainError(
      'invalid',
      'Say for how many hours a queued action waits, 1 to 72: policy queue <hours> <reason>',
    );
  }
  return count;
}

const approvals: ReadonlySet<string> = new Set([
  'isolate',
  'release',
  'scan',
] satisfies (keyof ActionPolicy['approval'])[]);

function approval(call: CommandCall, _who: Actor, current: ActionPolicy): PolicyArgument {
  const kind = call.args.word(1)?.toLowerCase() ?? '';
  if (!approvals.has(kind)) throw unclear();
  return { change: { approval: { ...current.approval, [kind]: onOff(call, 2) } }, next: 3 };
}

async function breakGlass(call: CommandCall, who: Actor, current: ActionPolicy): Promise<PolicyArgument> {
  const act = call.args.word(1)?.toLowerCase();
  if (act !== 'add' && act !== 'remove') throw unclear();
  const { person, next } = await personAmong(call, await call.services.access.requesters(who), 2);
  const others = current.breakGlass.filter((id) => id !== person.userId);
  return { change: { breakGlass: act === 'add' ? [...others, person.userId] : others }, next };
}
