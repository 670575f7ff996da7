import { DomainError } from '../../domain/errors.js';
import { cardOptions, drawAlert, drawIncident } from '../actions/drawn.js';
import { actor } from './command.js';
import type { Command } from './command.js';

const usage = 'show <A-n|INC-n>';

export const show: Command = {
  name: 'show',
  usage,
  does: 'The card of an alert or an incident, as it is now.',
  slash: ['team', 'personal'],
  run: async (call) => {
    const named = call.args.entity(0);
    if (!named) throw new DomainError('invalid', `Say what to show, such as A-12 or INC-3: ${usage}`);
    const who = await actor(call);
    const options = cardOptions(call);
    const { alerts, incidents } = call.services;
    if (named.entity === 'alert') return drawAlert(await alerts.findByNumber(who, named.number), options);
    return drawIncident(await incidents.findByNumber(who, named.number), options);
  },
};
