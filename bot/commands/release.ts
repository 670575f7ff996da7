import type { Command } from './command.js';
import { request } from './request-command.js';

const usage = 'release <device> <reason>';

export const release: Command = {
  name: 'release',
  usage,
  does: 'Asks to give an isolated device its network back.',
  slash: [],
  endsInText: true,
  run: (call) => request(call, { verb: 'device.release', kind: 'unisolate', usage }),
};
