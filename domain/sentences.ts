import { spanWords } from './durations.js';

/** All sentences that the domain says to people. What a person typed never enters them; names of people do. */
export const sentences = {
  notFound: 'Not found here. Check the number; it may belong to another tenant.',
  tooShort: (what: string, least: number) =>
    least === 1
      ? `${what} must not be blank. Write a few words and send it again.`
      : `${what} must have at least ${least} characters, blanks not counted. Write what you found and send it again.`,
  tooLong: (what: string, most: number) =>
    `${what} is too long: ${most} characters at most. Shorten it and send it again.`,
  noSuchOutcome: 'An alert is closed as benign or as false positive. Choose one of the two.',
  badCursor: 'This page of the list is no longer known. Open the list anew.',

  roleMayNot: (role: string, who: string) =>
    `Your role here (${role}) does not allow this; it takes ${who}. Whoever runs this installation can change roles, on the command line: member add.`,
  onlyOwner: (owner: string, name: string) =>
    `${name} belongs to ${owner}, so only ${owner} may do this. An admin can hand it over, with a reason.`,
  onlyCloser: (closer: string, name: string) =>
    `${name} was closed by ${closer}: only ${closer} or an admin may reopen it.`,

  didThis: (who: string, did: string, at: Date, now: Date) => `${who} ${did} this ${spanWords(at, now)} ago.`,
  wrongState: (name: string, is: string, needed: string, next: string) =>
    `${name} is ${is}; this needs it to be ${needed}. ${next}`,
  hasRecurrence: (name: string, recurrence: string) =>
    `${name} is closed and came back as ${recurrence}, so it cannot be reopened; this needs a closed alert without a recurrence. Go on with ${recurrence}.`,
  tooLateToReopen: (name: string) =>
    `${name} was closed more than 7 days ago; reopening needs less. Wait for a new alert, or ask the source for one.`,
  incidentTooLate: (name: string) =>
    `${name} ended more than 7 days ago; reopening needs less. Escalate a new alert instead.`,
  sameAssignee: (name: string, who: string) => `${name} is with ${who} already. Choose somebody else.`,
  cannotHold: (who: string, what: string) =>
    `${who} has no active role here that may work on ${what}. Choose a security analyst, or ask whoever runs this installation to add them, on the command line: member add.`,
  linkedElsewhere: (name: string, incident: string) =>
    `${name} belongs to ${incident} already, and an alert belongs to one incident at most. Go on with ${incident}.`,
  notYourAlert: (name: string) =>
    `${name} is not yours; only your own alerts under investigation can be linked. Take it and start its investigation first.`,

  entraNotAccepted:
    'Your organisation is not connected to this bot. Whoever runs this installation can add its Entra tenant to the accepted ones.',
  unknownPerson:
    'The bot does not know you, so it cannot act for you. Whoever runs this installation can add you to a tenant, on the command line: member add.',
  personDeactivated: 'Your account is switched off here. Whoever runs this installation can switch it on again.',
  noMembership:
    'You are not a member of any tenant here. Whoever runs this installation can add you, on the command line: member add.',
  notAMember:
    'You are not a member of the tenant this belongs to. Whoever runs this installation can add you, on the command line: member add.',
  membershipInactive:
    'Your membership of this tenant is switched off, or the tenant is closed. Whoever runs this installation can add you again, on the command line: member add.',
  tenantUnclear: (names: readonly string[]) =>
    `You are a member of several tenants (${names.join(', ')}). Open the card concerned, or name the tenant with the command, such as: queue ${names[0] ?? ''}.`,
  tenantUnclearHere:
    'This conversation serves no tenant yet, and others read here. Ask in your personal chat with the bot; an admin can link this one: link alerts <tenant>.',
  otherTenantHere:
    'This conversation serves another tenant. Open the card where that tenant is served, or in your personal chat.',

  linkOnlyInChannels:
    'Only channels and group chats can be linked. Write this in the channel that shall receive the cards.',
  conversationUnknown: 'The bot has not been seen in this conversation yet. Add the app here, then write this again.',
  conversationTaken: 'This conversation serves another tenant already. Choose another one, or unlink it there first.',
  linked: (purpose: string, posting: number) =>
    `${purposeWords(purpose)} come here now.${posting > 0 ? ` ${count(posting, 'open card')} will follow.` : ''}`,
  linkMoved: (purpose: string, posting: number) =>
    `${purposeWords(purpose)} come here now, and no longer to the channel that had them.${posting > 0 ? ` ${count(posting, 'open card')} will follow.` : ''}`,
  alreadyLinked: (purpose: string) => `${purposeWords(purpose)} come here already; nothing was changed.`,
  unlinked: (purposes: readonly string[]) =>
    `${purposes.map(purposeWords).join(' and ')} no longer come here. Link another channel to receive them: link ${purposes[0] ?? 'alerts'}.`,
  nothingLinked: 'Nothing is linked here, so nothing was changed. Link it with: link alerts.',
  channelLost: (name: string, purposes: readonly string[], why: string) =>
    `${name} no longer receives ${purposes.join(' and ')} (${why}). Add the app there again, or link another channel: link ${purposes[0] ?? 'alerts'}.`,
} as const;

function purposeWords(purpose: string): string {
  return `${purpose.charAt(0).toUpperCase()}${purpose.slice(1)}`;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
