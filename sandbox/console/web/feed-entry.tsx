import type { JSX } from 'preact';

import type { WireCommand, WireMessage } from '../wire.js';
import { ChatMessage } from './chat-message.js';
import { MessageBody } from './message.js';
import type { MessageActions } from './message.js';
import { Thread } from './thread.js';
import { dayName } from './time.js';
import type { Feed } from './use-feed.js';

export interface FeedProps {
  readonly feed: Feed;
  readonly kind: 'channel' | 'personal';
  readonly label: string;
  readonly now: number;
  readonly isTyping: boolean;
  readonly botName: string;
  readonly names: readonly string[];
  readonly commands: readonly WireCommand[];
  /** Grows when the reader has made something happen: the feed then shows its end. */
  readonly follow: number;
  readonly actions: MessageActions;
  readonly onReply: (root: WireMessage, text: string) => Promise<boolean>;
  /** Called with the ids of messages that came into view. */
  readonly onSeen: (messages: readonly WireMessage[]) => void;
  readonly onReadTo: (messageId: string) => void;
}

interface EntryProps extends FeedProps {
  readonly message: WireMessage;
  readonly index: number;
}

export function Entry({ message, index, ...props }: EntryProps): JSX.Element {
  const { feed, kind, now, actions } = props;
  const day = dayChange(feed.messages[index - 1], message, now);
  return (
    <article
      class={`entry entry-${kind}`}
      data-message={message.id}
      tabIndex={0}
      aria-labelledby={`from-${message.id}`}
      {...(kind === 'channel'
        ? { 'aria-posinset': index + 1, 'aria-setsize': feed.hasMore ? -1 : feed.messages.length }
        : {})}
    >
      {day !== null && <p class="day">{day}</p>}
      {isFirstUnread(feed, index) && <p class="unread-line">New</p>}
      {kind === 'channel' ? (
        <div class="post">
          <MessageBody message={message} now={now} actions={actions} />
          {!message.onlyMe && (
            <Thread
              root={message}
              isOpen={feed.open.has(message.id)}
              now={now}
              actions={actions}
              names={props.names}
              commands={props.commands}
              onToggle={() => feed.toggleThread(message.id)}
              onReply={(text) => props.onReply(message, text)}
            />
          )}
        </div>
      ) : (
        <ChatMessage message={message} now={now} actions={actions} />
      )}
    </article>
  );
}

function dayChange(before: WireMessage | undefined, message: WireMessage, now: number): string | null {
  const day = dayName(message.sentAt, now);
  return before && dayName(before.sentAt, now) === day ? null : day;
}

function isFirstUnread({ messages, readUpTo }: Feed, index: number): boolean {
  const [message, before] = [messages[index], messages[index - 1]];
  if (!message || message.isMine || readUpTo === '' || message.id <= readUpTo) return false;
  return before !== undefined && before.id <= readUpTo;
}
