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
  const { feed, kind, label, onReadTo } = props;
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

function newestOf(message: WireMessage): string {
  const reply = message.replies?.messages.at(-1)?.id ?? '';
  return reply > message.id ? reply : message.id;
}

function newestIn(messages: readonly WireMessage[]): string {
  return messages.reduce((newest, message) => (newestOf(message) > newest ? newestOf(message) : newest), '');
}
