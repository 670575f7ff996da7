import { either } from '../names.js';
import type { ActionPolicy } from './policy.js';

/** What people read about the tenant's rules for actions. */
export const policySentences = {
  malformed: (member: string) =>
    `The rule "${member}" cannot be set to that. Look at the help of the command, and send it again.`,
  nothingToChange: 'These rules hold already, so there is nothing to change.',
  notBreakGlass:
    'Each break-glass person must be an active member here who may ask for actions: a security analyst or a manager. Choose somebody else.',
  noSecondAdmin:
    'Changing these rules takes a second admin, and there is no other one here. Ask whoever runs this installation to add a manager, on the command line: member add; or to set the rule there: tenant actions.',
  oneAtATime: (who: string) =>
    `A change of these rules that ${who} proposed waits for a second admin already. It must be confirmed or rejected first.`,
  ownProposal: (admins: readonly string[]) =>
    `This change is your own proposal, so another admin must confirm it: ${admins.length > 0 ? either(admins) : 'nobody is there any more'}. You can reject it.`,
  decided: (state: string) =>
    `This change is ${state}; this needs it to be waiting. Propose it anew if it is still wanted.`,
  changedSince:
    'These rules were changed by other means since this was proposed, so nothing was changed now. Reject it, and propose it anew if it is still wanted.',
  tooLate: 'This change was not confirmed within 24 hours, so it has expired and nothing was changed. Propose it anew.',
} as const;

export const policyStateWords = {
  proposed: 'waiting for a second admin',
  confirmed: 'confirmed',
  rejected: 'rejected',
  expired: 'expired',
} as const;

const yesNo = (on: boolean) => (on ? 'yes' : 'no');
const onOff = (on: boolean) => (on ? 'on' : 'off');
const needed = (on: boolean) => (on ? 'needed' : 'not needed');

type Names = ReadonlyMap<string, string>;

function peopleWords(ids: readonly string[], names: Names): string {
  return ids.length === 0 ? 'nobody' : ids.map((id) => names.get(id.toLowerCase()) ?? 'somebody unknown').join(', ');
}

/** Each rule as a pair of its name and its value in words. */
export function policyLines(policy: Partial<ActionPolicy>, names: Names): Map<string, string> {
  const { approval, peers, dryRun, breakGlass, queueHours, writeBack } = policy;
  return new Map([
    ...(approval
      ? ([
          ['Approval of isolations', needed(approval.isolate)],
          ['Approval of releases', needed(approval.release)],
          ['Approval of scans', needed(approval.scan)],
        ] as const)
      : []),
    ...(peers === undefined ? [] : [['Analysts approve for each other', yesNo(peers)] as const]),
    ...(dryRun === undefined ? [] : [['Dry run', onOff(dryRun)] as const]),
    ...(breakGlass ? [['Break-glass people', peopleWords(breakGlass, names)] as const] : []),
    ...(queueHours === undefined ? [] : [['Queued actions wait for', `${queueHours} h`] as const]),
    ...(writeBack === undefined ? [] : [['Closed alerts are resolved at Microsoft', yesNo(writeBack)] as const]),
  ]);
}

/** "Dry run: on → off", a line for each rule that changes. */
export function changeLines(before: Partial<ActionPolicy>, after: Partial<ActionPolicy>, names: Names): string[] {
  const [was, will] = [policyLines(before, names), policyLines(after, names)];
  return [...will].flatMap(([rule, value]) => {
    const old = was.get(rule);
    return old === value ? [] : [old === undefined ? `${rule}: ${value}` : `${rule}: ${old} → ${value}`];
  });
}
