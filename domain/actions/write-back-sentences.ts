/** What people read about alerts that are resolved at Microsoft too. */
export const writeBackSentences = {
  resolved: 'Resolved at Microsoft too.',
  dryRun: 'Dry run: the alert was not resolved at Microsoft.',
  cannotAct:
    'No application for acting is configured, so the alert was not resolved at Microsoft. Whoever runs this installation can configure one, or an admin can switch the write-back off.',
  noConnection: 'The tenant is closed or not connected to Microsoft, so the alert was not resolved there.',
  undone: 'The alert was reopened before it was resolved at Microsoft, so nothing was sent.',
  replaced: 'A later decision on the alert took its place before it was sent.',
  again: (attempt: number, attempts: number, why: string) => `Try ${attempt} of ${attempts} failed: ${why}`,
  tellAdmins: (alert: string, why: string) =>
    `${alert} is dealt with here, but it could not be resolved at Microsoft: ${why} Resolve it in the Defender portal. Others that fail within the hour are not told one by one.`,
} as const;
