import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

import type { WireMessage } from '../wire.js';
import { Entry } from './feed-entry.js';
import type { FeedProps } from './feed-entry.js';
import { pageThrough } from './feed-paging.js';
import { Empty, Skeleton } from './feed-states.js';
import { Icon } from './icons.js';
import { useSeen } from './use-seen.js';

/** Closer to the end than this, in pixels, the reader is taken to be at the end. */
const nearEnd = 80;

export function FeedView(props: FeedProps): JSX.Element {
  const { feed, kind, label, follow, onReadTo } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const pinned = useRef(true);
  const [missed, setMissed] = useState(0);
  const heightBefore = useRef<number | null>(null);
  const newest = newestIn(feed.messages);
  const lastNewest = useRef('');
  const followed = useRef(follow);
  const isRead = feed.readUpTo !== '';

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
    const element = scroller.current;
    if (newest === lastNewest.current || !element) return;
    const isOpening = lastNewest.current === '';
    const fresh = feed.messages.filter((one) => newestOf(one) > lastNewest.current);
    lastNewest.current = newest;
    if (isOpening && place(element, props)) pinned.current = isRead && isAtEnd(element);
    else if (pinned.current || fresh.some((one) => one.isMine)) {
      pinned.current = true;
      toEnd();
    } else if (!isAtEnd(element)) return setMissed((count) => count + fresh.length);
    onReadTo(newest);
    if (pinned.current) feed.trim();
  }, [newest]);

  // What one has made happen is to be seen.
  useEffect(() => {
    if (follow === followed.current) return;
    followed.current = follow;
    pinned.current = true;
    toEnd();
  }, [follow]);

  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    const wasPinned = pinned.current;
    pinned.current = isAtEnd(element);
    if (pinned.current && !wasPinned) {
      setMissed(0);
      if (newest !== '') onReadTo(newest);
    }
    if (element.scrollTop < 300 && feed.hasMore && heightBefore.current === null) {
      heightBefore.current = element.scrollHeight;
      feed.loadOlder().catch(() => (heightBefore.current = null));
    }
  };

  useSeen(list, feed.messages, props.onSeen);

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
            <Entry key={message.id} {...props} message={message} index={index} />
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

function isAtEnd(element: HTMLElement): boolean {
  return element.scrollHeight - element.scrollTop - element.clientHeight < nearEnd;
}

/** Opens a channel at what its reader has not seen yet; false when that is not loaded, or there is nothing new. */
function place(element: HTMLElement, { feed, kind }: FeedProps): boolean {
  const first = feed.messages.findIndex((one) => !one.isMine && one.id > feed.readUpTo);
  if (kind !== 'channel' || first < 0 || (first === 0 && feed.hasMore)) return false;
  const entry = element.querySelectorAll('.entry')[first];
  entry?.scrollIntoView({ block: 'start' });
  return entry !== undefined;
}

function newestOf(message: WireMessage): string {
  const reply = message.replies?.messages.at(-1)?.id ?? '';
  return reply > message.id ? reply : message.id;
}

function newestIn(messages: readonly WireMessage[]): string {
  return messages.reduce((newest, message) => (newestOf(message) > newest ? newestOf(message) : newest), '');
}
