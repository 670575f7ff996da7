export interface Attachment {
  readonly contentType: string;
  readonly content?: unknown;
  readonly contentUrl?: string;
  readonly name?: string;
}

export interface MentionEntity {
  readonly type: 'mention';
  readonly text: string;
  readonly mentioned: { readonly id: string; readonly name: string };
}

/** What a sender says; the rest of a message is made by Teams. */
export interface MessageContent {
  readonly text: string;
  readonly attachments: readonly Attachment[];
  readonly mentions: readonly MentionEntity[];
  readonly summary: string | null;
  readonly importance: string | null;
}

export interface Message extends MessageContent {
  /** Milliseconds since 1970 as Teams writes them; unique over all conversations here. */
  readonly id: string;
  /** The bare conversation, without ;messageid=. */
  readonly conversationId: string;
  /** Its own id for a root post and for everything in a personal chat. */
  readonly rootId: string;
  /** A person's 29: id, or the bot's 28: id. */
  readonly fromId: string;
  /** Only this person sees it (targeted messages). */
  readonly targetId: string | null;
  readonly sentAt: string;
  readonly editedAt: string | null;
  readonly deletedAt: string | null;
  /** Grows by one with every edit. */
  readonly version: number;
}

export const cardContentType = 'application/vnd.microsoft.card.adaptive';

export type Card = Readonly<Record<string, unknown>>;

export function cardOf(message: MessageContent): Card | null {
  const content = message.attachments.find((one) => one.contentType === cardContentType)?.content;
  return isRecord(content) ? content : null;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Splits 19:...;messageid=170 into the conversation and the root post it names. */
export function splitConversationId(id: string): { conversationId: string; rootId: string | null } {
  const [conversationId = id, rootId] = id.split(';messageid=');
  return { conversationId, rootId: rootId ?? null };
}
