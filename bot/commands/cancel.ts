import type { Command } from './command.js';
import { onAction } from './entity-command.js';

const usage = 'cancel <ACT-n> <reason>';

export const cancel: Command = {
  name: 'cancel',
  usage,
  does: 'Cancels your action, or has Microsoft asked to cancel it.',
  slash: [],
  endsInText: true,
  run: (call) => onAction(call, usage, (click) => call.services.actions.cancel(click, call.args.rest(1))),
};
