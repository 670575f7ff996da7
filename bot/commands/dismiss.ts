import type { Command } from './command.js';
import { onIncident } from './entity-command.js';

const usage = 'dismiss <INC-n> <justification>';

export const dismiss: Command = {
  name: 'dismiss',
  usage,
  does: 'Ends your incident because it needs no work.',
  slash: [],
  endsInText: true,
  run: (call) => onIncident(call, usage, (click) => call.services.incidents.dismiss(click, call.args.rest(1))),
};
