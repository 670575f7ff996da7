import type { Command } from './command.js';
import { onAction } from './entity-command.js';

const usage = 'approve <ACT-n>';

export const approve: Command = {
  name: 'approve',
  usage,
  does: 'Approves the action that somebody else asked for.',
  slash: [],
  run: (call) => onAction(call, usage, (click) => call.services.actions.approve(click)),
};
