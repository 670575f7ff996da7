import { DomainError } from '../../domain/errors.js';
import { cardOptions, drawDevice } from '../actions/drawn.js';
import { actor } from './command.js';
import type { Command } from './command.js';
import { findDevice } from './device-argument.js';

const usage = 'device <name>';

export const device: Command = {
  name: 'device',
  usage,
  does: 'What is known of a device, and what can be done to it.',
  slash: ['team', 'personal'],
  run: async (call) => {
    const { args } = call;
    const said = args.count === 1 ? (args.word(0) ?? '') : args.rest(0);
    if (said === '') throw new DomainError('invalid', `Say which device: ${usage}`);
    const who = await actor(call);
    const found = await findDevice(call, who, said, { verb: 'device.show', reason: '' });
    if ('reply' in found) return found.reply;
    return { card: drawDevice(await call.services.devices.view(who, found.device.id), cardOptions(call)).card };
  },
};
