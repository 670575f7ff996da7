import type { DeviceActionKind } from './action.js';

const noun: Readonly<Record<DeviceActionKind, string>> = {
  isolate: 'an isolation',
  unisolate: 'a release',
  scan: 'a scan',
};

/** What the job that carries actions out says to people. What Microsoft or people wrote never enters it. */
export const stepSentences = {
  notApproved: (minutes: number) =>
    `Nobody approved it within ${minutes} min, so nothing was sent to Microsoft. Ask for it again if it is still needed.`,
  notSentInTime:
    'It could not be sent to Microsoft within 10 min, so it was not sent at all: an approval is used at once. Ask for it again.',
  dryRun: 'Dry run: nothing was sent to Microsoft.',
  noConnection: 'The tenant is closed or not connected to Microsoft, so nothing was sent.',
  cannotAct:
    'No application for device actions is configured, so nothing was sent. Whoever runs this installation can configure one.',
  machineUnknown:
    'Defender does not know this machine any more, so nothing was sent. Look the device up by its name and use the newer record.',
  isSensitive:
    'Defender says that this is a server, a domain controller or a high-value device, which always needs approval, so nothing was sent. Ask for it again; others will be asked.',
  releaseUnderWay:
    'A release of this device is under way at Microsoft, so the isolation was not sent. Wait until the release has ended, then ask for it again.',
  attached: (kind: DeviceActionKind) =>
    `${upper(noun[kind])} of this device was under way at Microsoft already; that one is followed instead of a second one.`,
  activeElsewhere:
    'Microsoft says that something is under way on this device already, so this was not begun, and does not say what. Check the action center of the Defender portal, or ask for it again in a few minutes.',
  cancelRefused: (why: string) => `Microsoft did not cancel it: ${why}`,
  cancelNotSent:
    'Dry run: this installation sends nothing to Microsoft any more, so it was not cancelled there. Cancel it in the Defender portal.',
  lookingForIt: 'The answer of Microsoft is missing. What became of it is looked up there; it is not sent again.',
  completed: 'Microsoft says that it succeeded.',
  completedAnyway: 'It had succeeded before it could be cancelled.',
  failed: 'Microsoft says that it failed. The action center of the Defender portal may say why.',
  timedOut: 'Microsoft gave up because the device did not answer for days. Ask for it again if it is still needed.',
  cancelled: 'It was cancelled at Microsoft before the device took it.',
  queueOver: (hours: number) =>
    `The device did not come online within ${hours} h, so it was cancelled at Microsoft. Ask for it again if it is still needed.`,
  neverEnded: 'Microsoft named no end of it within 74 h, so it is not followed any further. Check the Defender portal.',
  neverKnown: 'Its outcome never became known. Check the action center of the Defender portal.',
  lateIsolation: (name: string) =>
    `${name}, an isolation that had been given up because its outcome was not known, has succeeded at Microsoft after all. The device may be isolated again: check it, and release it if it should not be.`,
} as const;

function upper(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
