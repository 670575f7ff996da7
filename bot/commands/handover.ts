import { actor } from './command.js';
import type { Command } from './command.js';
import { onIncident } from './entity-command.js';
import { personAt } from './person-argument.js';

const usage = 'handover <INC-n> @person <reason>';

export const handover: Command = {
  name: 'handover',
  usage,
  does: 'An admin gives an incident to another owner.',
  slash: [],
  endsInText: true,
  run: (call) =>
    onIncident(call, usage, async (click) => {
      const { person, next } = await personAt(call, await actor(call), 1);
      return call.services.incidents.handOver(click, person.userId, call.args.rest(next));
    }),
};
