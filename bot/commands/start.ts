import type { Command } from './command.js';
import { onIncident } from './entity-command.js';

const usage = 'start <INC-n>';

export const start: Command = {
  name: 'start',
  usage,
  does: 'Starts the work on your incident.',
  slash: [],
  run: (call) => onIncident(call, usage, (click) => call.services.incidents.start(click)),
};
