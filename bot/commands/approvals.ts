import { drawApprovals } from '../../cards/approvals-card.js';
import { cardOptions, drawAction, drawPolicyChange } from '../actions/drawn.js';
import { actor } from './command.js';
import type { Command } from './command.js';

/** What waits for the person; a single thing is shown with its buttons at once. */
export const approvals: Command = {
  name: 'approvals',
  usage: 'approvals',
  does: 'Device actions and changes of their rules that wait for a second person.',
  slash: ['team', 'personal'],
  run: async (call) => {
    const who = await actor(call);
    const [actions, changes] = [await call.services.actions.waiting(who), await call.services.policy.waiting(who)];
    const [action, change] = [actions[0], changes[0]];
    if (actions.length === 1 && action && !change) return { card: drawAction(action, cardOptions(call)).card };
    if (actions.length === 0 && change) return { card: drawPolicyChange(change, cardOptions(call)).card };
    return { card: drawApprovals(actions, changes) };
  },
};
