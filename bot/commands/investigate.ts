import type { Command } from './command.js';
import { onAlert } from './entity-command.js';

const usage = 'investigate <A-n>';

export const investigate: Command = {
  name: 'investigate',
  usage,
  does: 'Starts the investigation of your alert.',
  slash: [],
  run: (call) => onAlert(call, usage, (click) => call.services.alerts.investigate(click)),
};
