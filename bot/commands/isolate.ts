import type { Command } from './command.js';
import { request } from './request-command.js';

const usage = 'isolate <device> <reason>';

export const isolate: Command = {
  name: 'isolate',
  usage,
  does: 'Asks to cut a device off the network; it stays connected to Defender.',
  slash: ['team', 'personal'],
  endsInText: true,
  run: (call) => request(call, { verb: 'device.isolate', kind: 'isolate', usage }),
};
