import { either } from '../names.js';

/** What people read about actions on devices. */
export const actionSentences = {
  badParameter: (choices: readonly string[]) =>
    `This can be asked for as ${either(choices)}. Choose one and send it again.`,
  noRelease: 'A release has no kinds. Send it again without one.',
  notConnected:
    'This installation has no credential for acting on devices, so nothing can be done to them. Whoever runs it can configure the acting application, or switch the dry run on.',
  nobodyCouldApprove:
    'This needs approval, and nobody else here could give it. Ask whoever runs this installation to add a manager, on the command line: member add; or an admin to let analysts approve for each other.',

  isOpen: (what: string, name: string, state: string, next: string) =>
    `${name}, ${what} of this device, is ${state}; a device has one at a time. ${next}`,
  isolationQueued: (name: string) =>
    `${name} is queued at Microsoft and would isolate the device after the release. Cancel it first: Cancel on the card of ${name}.`,
  isolationRuns: (name: string) =>
    `${name} is isolating the device at this moment. Wait until it is done, then release the device; or cancel it first, on the card of ${name}.`,
  isolationUnknown: (name: string) =>
    `${name} was sent, and Microsoft has not said yet what became of it. Wait until its card shows the outcome; 10 minutes after sending, the release may go ahead.`,
  cancelledByRelease: 'Cancelled because a release of the device was asked for.',
  neverKnown:
    'Its outcome was never known; a release of the device was asked for. Should it still happen, it is reported.',

  ownRequest: (name: string) =>
    `${name} is your own request, so somebody else must decide about it. You can cancel it.`,
  peersMayNot: (name: string, who: readonly string[]) =>
    `Analysts do not approve for each other in this tenant, so ${name} waits for ${who.length > 0 ? either(who) : 'a manager'}. Two admins can change that rule.`,
  tooLate: (name: string) =>
    `${name} was not approved within 30 minutes of the request, so it has expired and nothing was sent. Ask for it anew.`,
  notYoursToCancel: (name: string, who: string) =>
    `${name} was asked for by ${who}: only ${who} or an admin may cancel it.`,
  noReview: (name: string) =>
    `${name} was not asked for as break-glass, or somebody has reviewed it already. There is nothing to review.`,
  ownReview: (name: string) => `${name} is your own use of break-glass, so another admin must review it.`,
  breakGlass: (who: string, name: string) =>
    `${who} used break-glass: ${name} goes ahead without approval. Another admin, please look at its card and review it.`,
} as const;

export const actionNouns = { isolate: 'isolation', unisolate: 'release', scan: 'scan' } as const;
