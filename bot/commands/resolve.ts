import type { Command } from './command.js';
import { onIncident } from './entity-command.js';

const usage = 'resolve <INC-n> <summary>';

export const resolve: Command = {
  name: 'resolve',
  usage,
  does: 'Ends your incident with a summary.',
  slash: [],
  endsInText: true,
  run: (call) => onIncident(call, usage, (click) => call.services.incidents.resolve(click, call.args.rest(1))),
};
