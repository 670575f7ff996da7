/** A refusal of the pretend Teams, in the words of the real one. */
export class ConnectorFault extends Error {
  override readonly name = 'ConnectorFault';
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
  }
}

export const conversationNotFound = () => new ConnectorFault(404, 'ConversationNotFound', 'Conversation not found.');
export const activityNotFound = () =>
  new ConnectorFault(404, 'ActivityNotFoundInConversation', 'The activity was not found in the conversation.');
export const notInRoster = () =>
  new ConnectorFault(403, 'BotNotInConversationRoster', 'The bot is not part of the conversation roster.');
export const badArgument = (message: string) => new ConnectorFault(400, 'BadArgument', message);
export const tooBig = () => new ConnectorFault(413, 'MessageSizeTooBig', 'Message size too large.');

/** What a status means when only the number was scripted. */
export const codeOfStatus: ReadonlyMap<number, string> = new Map([
  [400, 'BadArgument'],
  [401, 'BotNotRegistered'],
  [403, 'BotNotInConversationRoster'],
  [404, 'ActivityNotFoundInConversation'],
  [412, 'PreconditionFailed'],
  [413, 'MessageSizeTooBig'],
  [429, 'Throttled'],
  [500, 'ServiceError'],
  [502, 'BadGateway'],
  [503, 'ServiceUnavailable'],
  [504, 'GatewayTimeout'],
]);
