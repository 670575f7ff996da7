import { DomainError } from '../../domain/errors.js';
import { cardOptions, drawAction, drawAlert, drawIncident } from '../actions/drawn.js';
import { actor } from './command.js';
import type { Command } from './command.js';

const usage = 'show <A-n|INC-n|ACT-n>';

export const show: Command = {
  name: 'show',
  usage,
  does: 'The card of an alert, an incident or an action, as it is now.',
  slash: ['team', 'personal'],
  run: async (call) => {
    const named = call.args.entity(0);
    if (!named) throw new DomainError('invalid', `Say what to show, such as A-12, INC-3 or ACT-7: ${usage}`);
    const who = await actor(call);
    const options = cardOptions(call);
    const { alerts, incidents, actions } = call.services;
    const { entity, number } = named;
    if (entity === 'alert') return drawAlert(await alerts.findByNumber(who, number), options);
    if (entity === 'incident') return drawIncident(await incidents.findByNumber(who, number), options);
    return drawAction(await actions.findByNumber(who, number), options);
  },
};
