import { actor } from './command.js';
import type { Command } from './command.js';
import { onAlert } from './entity-command.js';
import { personAt } from './person-argument.js';

const usage = 'assign <A-n> [@person reason]';

/** Without a person, or with oneself, it is taking. */
export const assign: Command = {
  name: 'assign',
  usage,
  does: 'Takes an alert; with a person and a reason, an admin gives it to them.',
  slash: ['team', 'personal'],
  endsInText: true,
  run: (call) =>
    onAlert(call, usage, async (click) => {
      const { alerts } = call.services;
      if (call.args.count < 2 || call.args.word(1)?.toLowerCase() === 'me') return alerts.take(click);
      const { person, next } = await personAt(call, await actor(call), 1);
      const reason = call.args.rest(next);
      const isSelf = person.userId === click.actor.userId && reason === '';
      return isSelf ? alerts.take(click) : alerts.assign(click, person.userId, reason);
    }),
};
