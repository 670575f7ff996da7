import { drawListPage } from '../actions/list-page.js';
import { actor } from './command.js';
import type { Command } from './command.js';

export const queue: Command = {
  name: 'queue',
  usage: 'queue',
  does: 'Open alerts that nobody has taken, most urgent first.',
  slash: ['team', 'personal'],
  run: async (call) => ({ card: await drawListPage(call.services, await actor(call), 'queue', 'open', null) }),
};
