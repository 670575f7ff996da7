import type { Command } from './command.js';
import { onAlert } from './entity-command.js';

const usage = 'unassign <A-n> <note>';

export const unassign: Command = {
  name: 'unassign',
  usage,
  does: 'Gives your alert back to the queue, with a note for whoever takes it next.',
  slash: [],
  endsInText: true,
  run: (call) => onAlert(call, usage, (click) => call.services.alerts.release(click, call.args.rest(1))),
};
