import type { Command } from './command.js';
import { onAlert } from './entity-command.js';

const usage = 'escalate <A-n>';

export const escalate: Command = {
  name: 'escalate',
  usage,
  does: 'Makes an incident of the alert that you investigate.',
  slash: ['team', 'personal'],
  run: (call) => onAlert(call, usage, (click) => call.services.alerts.escalate(click)),
};
