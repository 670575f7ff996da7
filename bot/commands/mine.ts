import { drawListPage } from '../actions/list-page.js';
import { actor } from './command.js';
import type { Command } from './command.js';

export const mine: Command = {
  name: 'mine',
  usage: 'mine',
  does: 'Alerts that you have taken and not finished.',
  slash: ['team', 'personal'],
  run: async (call) => ({ card: await drawListPage(call.services, await actor(call), 'mine', 'open', null) }),
};
