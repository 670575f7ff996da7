import type { Command } from './command.js';
import { request } from './request-command.js';

const usage = 'scan <device> [reason]';

export const scan: Command = {
  name: 'scan',
  usage,
  does: 'Asks to scan a device for malware, quickly.',
  slash: [],
  endsInText: true,
  run: (call) =>
    request(call, { verb: 'device.scan', kind: 'scan', usage, unsaid: 'Asked for by command, without a reason.' }),
};
