import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

import type { WireCommand, WireMessage } from '../wire.js';
import { Icon } from './icons.js';
import { MessageBody } from './message.js';
import type { MessageActions } from './message.js';
import { ChatMessage } from './chat-message.js';
import { Thread } from './thread.js';
import { dayName } from './time.js';
import type { Feed } from './use-feed.js';

interface FeedProps {
  readonly feed: Feed;
  readonly kind: 'channel' | 'personal';
  readonly label: string;
  readonly now: number;
  readonly isTyping: boolean;
  readonly botName: string;
  readonly names: readonly string[];
  readonly commands: readonly WireCommand[];
  readonly actions: MessageActions;
  readonly onReply: (root: WireMessage, text: string) => Promise<boolean>;
  /** Called with the ids of messages that came into view. */
  readonly onSeen: (messages: readonly WireMessage[]) => void;
  readonly onReadTo: (messageId: string) => void;
}

/** Closer to the end than this, in pixels, the reader is taken to be at the end. */
const nearEnd = 80;

export function FeedView(props: FeedProps): JSX.Element {
  const { feed, kind, label, now, onReadTo } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const pinned = useRef(true);
  const [missed, setMissed] = useState(0);
  const heightBefore = useRef<number | null>(null);
  const newest = newestIn(feed.messages);
  const lastNewest = useRef('');

  const toEnd = () => {
    const element = scroller.current;
    if (element) element.scrollTop = element.scrollHeight;
    setMissed(0);
  };

  // Whatever grows above or at the end, who reads the end stays at the end.
  useEffect(() => {
    const [element, content] = [scroller.current, list.current];
    if (!element || !content) return;
    const observer = new ResizeObserver(() => void (pinned.current && (element.scrollTop = element.scrollHeight)));
    observer.observe(content);
    observer.observe(element);
    return () => observer.disconnect();
  }, [feed.status]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element && heightBefore.current !== null) element.scrollTop += element.scrollHeight - heightBefore.current;
    heightBefore.current = null;
  }, [feed.messages[0]?.id]);

  useLayoutEffect(() => {
    if (newest === lastNewest.current) return;
    const fresh =
      lastNewest.current === '' ? 0 : feed.messages.filter((one) => newestOf(one) > lastNewest.current).length;
    lastNewest.current = newest;
    if (!pinned.current && feed.messages.at(-1)?.isMine !== true) return setMissed((count) => count + fresh);
    pinned.current = true;
    toEnd();
    if (newest !== '') onReadTo(newest);
    feed.trim();
  }, [newest]);

  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    const wasPinned = pinned.current;
    pinned.current = element.scrollHeight - element.scrollTop - element.clientHeight < nearEnd;
    if (pinned.current && !wasPinned) {
      setMissed(0);
      if (newest !== '') onReadTo(newest);
    }
    if (element.scrollTop < 300 && feed.hasMore && heightBefore.current === null) {
      heightBefore.current = element.scrollHeight;
      feed.loadOlder().catch(() => (heightBefore.current = null));
    }
  };

  useSeen(list, feed, props.onSeen);

  if (feed.status === 'loading') return <Skeleton />;
  if (feed.status === 'failed')
    return (
      <div class="feed-empty" role="alert">
        <p>{feed.fault}</p>
        <button type="button" class="button" onClick={feed.reload}>
          Try again
        </button>
      </div>
    );
  if (feed.messages.length === 0 && !props.isTyping) return <Empty kind={kind} botName={props.botName} label={label} />;
  return (
    <div class="feed-frame">
      <div class="feed" ref={scroller} onScroll={onScroll}>
        <div
          class={`feed-list feed-${kind}`}
          ref={list}
          role={kind === 'channel' ? 'feed' : 'log'}
          aria-label={label}
          onKeyDown={pageThrough}
        >
          {feed.messages.map((message, index) => (
            <Entry
              key={message.id}
              {...props}
              message={message}
              day={dayChange(feed.messages[index - 1], message, now)}
              isFirstUnread={isFirstUnread(feed, index)}
              position={index + 1}
            />
          ))}
        </div>
        {props.isTyping && <p class="typing">{props.botName} is typing…</p>}
      </div>
      {missed > 0 && (
        <button type="button" class="new-pill" onClick={toEnd}>
          <Icon name="down" /> {missed === 1 ? '1 new message' : `${missed} new messages`}
        </button>
      )}
    </div>
  );
}

interface EntryProps extends FeedProps {
  readonly message: WireMessage;
  readonly day: string | null;
  readonly isFirstUnread: boolean;
  readonly position: number;
}

function Entry({ message, day, isFirstUnread, position, ...props }: EntryProps): JSX.Element {
  const { feed, kind, now, actions } = props;
  return (
    <article
      class={`entry entry-${kind}`}
      data-message={message.id}
      tabIndex={0}
      aria-labelledby={`from-${message.id}`}
      {...(kind === 'channel'
        ? { 'aria-posinset': position, 'aria-setsize': feed.hasMore ? -1 : feed.messages.length }
        : {})}
    >
      {day !== null && <p class="day">{day}</p>}
      {isFirstUnread && <p class="unread-line">New</p>}
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

function Skeleton(): JSX.Element {
  return (
    <div class="feed-frame" aria-busy="true" aria-label="Loading messages">
      {[1, 2, 3].map((one) => (
        <div class="skeleton" key={one}>
          <i />
          <b />
          <b />
          <b />
        </div>
      ))}
    </div>
  );
}

function Empty({
  kind,
  botName,
  label,
}: {
  kind: 'channel' | 'personal';
  botName: string;
  label: string;
}): JSX.Element {
  return (
    <div class="feed-empty">
      <span class="empty-picture" aria-hidden="true">
        <Icon name={kind === 'channel' ? 'channel' : 'chat'} />
      </span>
      <h2>{kind === 'channel' ? `Nothing has happened in ${label} yet` : `This is your chat with ${botName}`}</h2>
      <p>
        {kind === 'channel'
          ? 'Alerts appear here as cards. Raise one under “Make things happen”, or type / to see the commands.'
          : 'What concerns you alone arrives here. Type help to see what you can ask.'}
      </p>
    </div>
  );
}

/** Page up and page down move between posts, as the feed pattern asks. */
function pageThrough(event: KeyboardEvent): void {
  const step = { PageDown: 1, PageUp: -1 }[event.key];
  if (step === undefined) return;
  const entries = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('.entry')];
  const at = entries.findIndex((entry) => entry.contains(document.activeElement));
  event.preventDefault();
  entries[Math.max(0, Math.min(entries.length - 1, at + step))]?.focus();
}

/** Reports messages that come into view, and again when they change while in view. */
function useSeen(list: { current: HTMLElement | null }, feed: Feed, onSeen: FeedProps['onSeen']): void {
  const report = useRef(onSeen);
  report.current = onSeen;
  const messages = useRef(feed.messages);
  messages.current = feed.messages;
  useEffect(() => {
    const element = list.current;
    if (!element) return;
    const observer = new IntersectionObserver((entries) => {
      const ids = new Set(
        entries.filter((one) => one.isIntersecting).map((one) => (one.target as HTMLElement).dataset['message']),
      );
      report.current(messages.current.filter((message) => ids.has(message.id)));
    });
    for (const entry of element.querySelectorAll('.entry')) observer.observe(entry);
    return () => observer.disconnect();
  }, [feed.messages]);
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

function newestOf(message: WireMessage): string {
  const reply = message.replies?.messages.at(-1)?.id ?? '';
  return reply > message.id ? reply : message.id;
}

function newestIn(messages: readonly WireMessage[]): string {
  return messages.reduce((newest, message) => (newestOf(message) > newest ? newestOf(message) : newest), '');
}
