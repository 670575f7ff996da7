/** What the console's server and its page say to each other. Types only: the page is bundled for the browser. */
export type WireCard = Readonly<Record<string, unknown>>;

export interface WirePerson {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly tenantName: string;
  readonly isGuest: boolean;
  /** Unread messages over everything this person can see. */
  readonly unread: number;
}

export interface WirePlace {
  readonly id: string;
  readonly kind: 'channel' | 'personal';
  readonly name: string;
  readonly unread: number;
  /** Unread messages that mention the person. */
  readonly mentions: number;
  /** The bot is in it. */
  readonly installed: boolean;
}

export interface WireTeam {
  readonly id: string;
  readonly name: string;
  readonly tenantName: string;
  readonly channels: readonly WirePlace[];
}

export interface WireCommand {
  readonly title: string;
  readonly description: string;
}

export interface WireField {
  readonly id: string;
  readonly label: string;
  readonly type: 'choice' | 'number' | 'text';
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
  readonly initial?: string | number;
  readonly min?: number;
  readonly max?: number;
}

export interface WireControl {
  readonly id: string;
  readonly label: string;
  readonly group: string;
  readonly kind: 'button' | 'toggle';
  readonly hint?: string;
  readonly fields: readonly WireField[];
  /** Only for toggles. */
  readonly isOn: boolean;
}

export interface WireState {
  /** The clock of the pretend Teams. */
  readonly now: string;
  readonly title: string;
  readonly botName: string;
  readonly me: WirePerson;
  readonly people: readonly WirePerson[];
  readonly teams: readonly WireTeam[];
  readonly chats: readonly WirePlace[];
  readonly commands: readonly WireCommand[];
  readonly panel: readonly WireControl[];
}

export interface WireMention {
  /** As it stands in the text, <at>Name</at>. */
  readonly text: string;
  readonly name: string;
  readonly isMe: boolean;
}

export interface WireMessage {
  readonly id: string;
  readonly conversationId: string;
  readonly rootId: string;
  readonly from: { readonly id: string; readonly name: string; readonly kind: 'bot' | 'person' };
  readonly isMine: boolean;
  readonly sentAt: string;
  readonly editedAt: string | null;
  readonly isDeleted: boolean;
  readonly text: string;
  readonly mentions: readonly WireMention[];
  /** The card that this person sees. */
  readonly card: WireCard | null;
  readonly canRefresh: boolean;
  /** Nobody else sees this message. */
  readonly onlyMe: boolean;
  readonly isImportant: boolean;
  readonly replies: WireThread | null;
}

export interface WireThread {
  readonly total: number;
  /** Names of who replied, newest first, at most 3. */
  readonly authors: readonly string[];
  /** All of them when the thread was asked for, else the newest one. */
  readonly messages: readonly WireMessage[];
}

export interface WireFeed {
  readonly messages: readonly WireMessage[];
  readonly hasMore: boolean;
  /** Id of the newest message read before; '' for none. */
  readonly readUpTo: string;
}

export interface WireDialog {
  readonly title: string;
  readonly card: WireCard | null;
  readonly width: number | string | null;
  readonly height: number | string | null;
}

/** What a click, a refresh or a dialog came to. */
export type WireResult =
  | { readonly outcome: 'card' | 'done' }
  | { readonly outcome: 'message' | 'failed'; readonly text: string }
  | { readonly outcome: 'dialog'; readonly dialog: WireDialog };

export interface WireActed {
  readonly result: WireResult;
  /** The root post as it looks now; null after a dialog. */
  readonly message: WireMessage | null;
}

/** One server-sent event: something to fetch anew. */
export type WireEvent =
  | { readonly type: 'message'; readonly conversationId: string; readonly rootId: string; readonly isNew: boolean }
  | { readonly type: 'typing'; readonly conversationId: string; readonly rootId: string | null }
  | { readonly type: 'state' };
