/** Where a conversation is reached. Stored when the app is installed or spoken to; the host was on the allow-list then. */
export interface ConversationReference {
  /** Bare id, without ;messageid=. */
  readonly conversationId: string;
  readonly kind: 'channel' | 'groupChat' | 'personal';
  readonly serviceUrl: string;
  readonly entraTenantId: string;
  /** The bot's own channel account id, 28:<app id>. */
  readonly botId: string;
}

export type OutgoingContent =
  | { readonly card: Readonly<Record<string, unknown>>; readonly summary: string; readonly notify: boolean }
  | { readonly text: string };

/**
 * The reaction that a failed send asks for.
 * throttled: wait retryAfterMs, send again. retry: not accepted (412, 502, 503, 504 answers), back off, send again.
 * unknown: no answer came, it may have been accepted. gone: the activity no longer exists. lost: the conversation does not
 * take messages of ours any more. invalid: will never be accepted as it is.
 */
export type DeliveryFault = 'throttled' | 'retry' | 'unknown' | 'gone' | 'lost' | 'invalid';

export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
  constructor(
    readonly fault: DeliveryFault,
    message: string,
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }
}

/** A person to be written to in the personal chat; `near` is a conversation of the same Entra tenant that the person may be in. */
export interface PersonToReach {
  readonly entraTenantId: string;
  readonly aadObjectId: string;
  readonly near: ConversationReference;
}

/** Teams, seen from jobs. Each call is one HTTP request (opening a chat: two) with a timeout and no retry. Throws DeliveryError. */
export interface TeamsGateway {
  /** A new root post; resolves to its activity id. */
  post(to: ConversationReference, content: OutgoingContent): Promise<string>;
  reply(to: ConversationReference, rootActivityId: string, content: OutgoingContent): Promise<string>;
  update(to: ConversationReference, activityId: string, content: OutgoingContent): Promise<void>;
  /** The 1:1 chat with a person, made if there is none: asking twice gives the same. `lost`: the person cannot be reached. */
  openPersonal(person: PersonToReach): Promise<ConversationReference>;
}
