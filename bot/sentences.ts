/** What the bot itself says; refusals and conflicts come from the domain as sentences. */
export const sentences = {
  noIdentity:
    'Teams did not say which work account you use, so nothing was done. Sign in to Teams with your work account and try again.',
  unreachable:
    'The database cannot be reached at the moment. Try again in a minute; the same click never counts twice.',
  slow: 'This takes longer than usual and goes on in the background. Look again in a moment; the same click never counts twice.',
  bug: (reference: string) => `Something went wrong on our side. Reference ${reference}.`,
  unknownButton: 'This button is not known here. Say "queue" or "show A-1" to get a current card.',
  brokenButton: 'This button brought data that cannot be read. Say "queue" or "show A-1" to get a current card.',
  newerCard: 'That card is from another version of AVIAN. Here is the current one.',
  noDialog: 'This button opens no form. Say "help" to see what you can say.',
  unknownInvoke: 'AVIAN does not answer this kind of request.',
  again: (name: string) => `${name} is up to date.`,
  tooLong: (max: number) => `Write at most ${max.toLocaleString('en')} characters.`,
} as const;
