import { DomainError } from '../../domain/errors.js';
import { drawListPage } from '../actions/list-page.js';
import { actor } from './command.js';
import type { Command } from './command.js';

const usage = 'incidents [open|all]';

export const incidents: Command = {
  name: 'incidents',
  usage,
  does: 'Incidents, most urgent first; all shows the finished ones too.',
  slash: ['team', 'personal'],
  run: async (call) => {
    const which = call.args.word(0)?.toLowerCase() ?? 'open';
    if (which !== 'open' && which !== 'all') throw new DomainError('invalid', `Say which incidents: ${usage}`);
    return { card: await drawListPage(call.services, await actor(call), 'incidents', which, null) };
  },
};
