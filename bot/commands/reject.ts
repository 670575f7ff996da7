import type { Command } from './command.js';
import { onAction } from './entity-command.js';

const usage = 'reject <ACT-n> <reason>';

export const reject: Command = {
  name: 'reject',
  usage,
  does: 'Rejects the action that somebody else asked for.',
  slash: [],
  endsInText: true,
  run: (call) => onAction(call, usage, (click) => call.services.actions.reject(click, call.args.rest(1))),
};
