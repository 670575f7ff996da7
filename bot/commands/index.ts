import { assign } from './assign.js';
import { close } from './close.js';
import type { Command } from './command.js';
import { dismiss } from './dismiss.js';
import { escalate } from './escalate.js';
import { handover } from './handover.js';
import { helpCommand } from './help.js';
import { incidents } from './incidents.js';
import { investigate } from './investigate.js';
import { link } from './link.js';
import { mine } from './mine.js';
import { queue } from './queue.js';
import { reopen } from './reopen.js';
import { resolve } from './resolve.js';
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
