import { DomainError } from '../../domain/errors.js';
import type { Command } from './command.js';
import { onAlert, onIncident } from './entity-command.js';

const usage = 'reopen <A-n|INC-n> <reason>';

export const reopen: Command = {
  name: 'reopen',
  usage,
  does: 'Opens a closed alert or a finished incident again, within 7 days.',
  slash: [],
  endsInText: true,
  run: (call) => {
    const reason = call.args.rest(1);
    const { alerts, incidents } = call.services;
    const entity = call.args.entity(0)?.entity;
    if (entity === 'alert') return onAlert(call, usage, (click) => alerts.reopen(click, reason));
    if (entity === 'incident') return onIncident(call, usage, (click) => incidents.reopen(click, reason));
    throw new DomainError('invalid', `Say what to reopen, such as A-12 or INC-3: ${usage}`);
  },
};
