import { approvals } from './approvals.js';
import { approve } from './approve.js';
import { assign } from './assign.js';
import { cancel } from './cancel.js';
import { close } from './close.js';
import type { Command } from './command.js';
import { device } from './device.js';
import { dismiss } from './dismiss.js';
import { edr } from './edr.js';
import { escalate } from './escalate.js';
import { handover } from './handover.js';
import { helpCommand } from './help.js';
import { incidents } from './incidents.js';
import { investigate } from './investigate.js';
import { isolate } from './isolate.js';
import { link } from './link.js';
import { mine } from './mine.js';
import { policy } from './policy.js';
import { posture } from './posture.js';
import { queue } from './queue.js';
import { reject } from './reject.js';
import { release } from './release.js';
import { reopen } from './reopen.js';
import { resolve } from './resolve.js';
import { scan } from './scan.js';
import { show } from './show.js';
import { start } from './start.js';
import { unassign } from './unassign.js';
import { unlink } from './unlink.js';
import { whoami } from './whoami.js';

/** Every command there is, in the order in which help shows them. */
export const commands: readonly Command[] = [
  queue,
  mine,
  incidents,
  show,
  assign,
  investigate,
  escalate,
  close,
  unassign,
  reopen,
  start,
  resolve,
  dismiss,
  handover,
  device,
  isolate,
  release,
  scan,
  approvals,
  approve,
  reject,
  cancel,
  posture,
  policy,
  edr,
  link,
  unlink,
  whoami,
  helpCommand(() => commands),
];

const byName: ReadonlyMap<string, Command> = new Map(commands.map((command) => [command.name, command]));

export function findCommand(name: string): Command | null {
  return byName.get(name) ?? null;
}

/** What the manifest offers after a slash. Teams takes at most 12 in each scope. */
export function slashCommands(scope: 'team' | 'personal'): readonly { title: string; description: string }[] {
  const offered = commands.filter((command) => command.slash.includes(scope));
  return offered.map(({ name, does }) => ({ title: name, description: does }));
}
