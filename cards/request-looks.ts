import type { DeviceActionKind } from '../domain/actions/action.js';
import type { DeviceVerb } from '../domain/devices/device.js';

/** How the form for an action is worded, and the kinds of it that Microsoft knows. */
export interface RequestLook {
  readonly verb: DeviceVerb;
  readonly submit: string;
  readonly explanation: string;
  readonly placeholder: string;
  readonly choices: readonly { readonly title: string; readonly value: string }[];
}

export const requestLooks: Record<DeviceActionKind, RequestLook> = {
  isolate: {
    verb: 'device.isolate',
    submit: 'Isolate device',
    explanation: 'The device is cut off the network until somebody releases it. It stays connected to Defender.',
    placeholder: 'What was found, and why the device must be cut off',
    choices: [
      { title: 'Full: everything but Defender is cut off', value: 'Full' },
      { title: 'Selective: Outlook, Teams and Skype go on (Windows only)', value: 'Selective' },
    ],
  },
  unisolate: {
    verb: 'device.release',
    submit: 'Release device',
    explanation: 'The device gets its network back. An isolation that was not sent yet is cancelled.',
    placeholder: 'What was done, and why the device is safe again',
    choices: [],
  },
  scan: {
    verb: 'device.scan',
    submit: 'Scan device',
    explanation: 'Microsoft Defender Antivirus scans the device; the person at it may notice.',
    placeholder: 'What the scan shall find',
    choices: [
      { title: 'Quick: where malware usually hides, some minutes', value: 'Quick' },
      { title: 'Full: every file, perhaps hours', value: 'Full' },
    ],
  },
};
