import { DomainError } from '../../domain/errors.js';
import { actor } from './command.js';
import type { Command } from './command.js';
import { purposeOf } from './purpose.js';

const usage = 'unlink [alerts|escalations|reports]';

export const unlink: Command = {
  name: 'unlink',
  usage,
  does: 'In a channel: ends what is posted there.',
  slash: [],
  run: async (call) => {
    const said = call.args.word(0);
    const purpose = purposeOf(said);
    if (said !== undefined && !purpose) throw new DomainError('invalid', `Say what to unlink: ${usage}`);
    const { conversationId, activityId } = call.caller;
    return { text: await call.services.channels.unlink(await actor(call), conversationId, purpose, activityId) };
  },
};
