/** What people are told who may approve something. */
export const askSentences = {
  actionInChannel: (name: string) =>
    `${name} waits for your decision; its card is in this channel. Add the app to your own chats to be asked there.`,
  policyInChannel:
    'A change of the rules for device actions waits for a second admin. Write "approvals" to the bot; add the app to your own chats to be asked there.',
  actionStillWaits: (name: string) => `${name} still waits for your decision. Its card is above.`,
  actionStillWaitsInChannel: (name: string) => `${name} still waits for your decision; its card is in this channel.`,
  policyStillWaits: 'A change of the rules for device actions still waits for your decision. Its card is above.',
} as const;
