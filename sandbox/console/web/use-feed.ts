import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

import type { WireFeed, WireMessage } from '../wire.js';
import { read, sentenceOf } from './api.js';

export interface Feed {
  readonly status: 'loading' | 'ready' | 'failed';
  readonly fault: string | null;
  readonly messages: readonly WireMessage[];
  readonly hasMore: boolean;
  /** Id of the newest message that had been read when the feed was opened. */
  readonly readUpTo: string;
  readonly open: ReadonlySet<string>;
  loadOlder(): Promise<void>;
  readonly reload: () => void;
  /** Fetches these root posts anew, together with others that come due within a moment. */
  touch(rootId: string): void;
  put(message: WireMessage): void;
  toggleThread(rootId: string): void;
  /** Drops what is far above, so that a long day in a busy channel stays fast. */
  trim(): void;
}

const nothing = { messages: [] as readonly WireMessage[], hasMore: false, readUpTo: '' };
const keptWhenTrimmed = 60;
const touchDelayMs = 60;

export function useFeed(person: string | null, conversation: string | null): Feed {
  const [status, setStatus] = useState<Feed['status']>('loading');
  const [fault, setFault] = useState<string | null>(null);
  const [feed, setFeed] = useState(nothing);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const place = useRef('');
  const openNow = useRef(open);
  const due = useRef(new Set<string>());
  const timer = useRef(0);
  openNow.current = open;
  place.current = `${person ?? ''} ${conversation ?? ''}`;

  const load = useCallback(async () => {
    if (person === null || conversation === null) return;
    const asked = `${person} ${conversation}`;
    try {
      const loaded = await read<WireFeed>('feed', { person, conversation, open: [...openNow.current].join(',') });
      if (place.current !== asked) return;
      setFeed(loaded);
      setStatus('ready');
    } catch (error) {
      if (place.current !== asked) return;
      setFault(sentenceOf(error));
      setStatus('failed');
    }
  }, [person, conversation]);

  useEffect(() => {
    setStatus('loading');
    setFeed(nothing);
    setOpen(new Set());
    due.current.clear();
    void load();
  }, [load]);

  const merge = (fresh: readonly WireMessage[]) =>
    setFeed((old) => {
      const byId = new Map(old.messages.map((message) => [message.id, message]));
      const oldest = old.messages[0]?.id ?? '';
      // An edit far above what is shown is fetched when the reader gets there.
      for (const message of fresh) if (byId.has(message.id) || message.id > oldest) byId.set(message.id, message);
      return { ...old, messages: [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1)) };
    });

  const fetchDue = async () => {
    if (person === null || conversation === null) return;
    const asked = place.current;
    const ids = [...due.current].slice(0, 100);
    for (const id of ids) due.current.delete(id);
    const query = { person, conversation, ids: ids.join(','), open: [...openNow.current].join(',') };
    const fresh = await read<WireMessage[]>('messages', query).catch(() => []);
    if (place.current === asked) merge(fresh);
    if (due.current.size > 0) timer.current = window.setTimeout(() => void fetchDue(), touchDelayMs);
    else timer.current = 0;
  };

  const touch = (rootId: string) => {
    due.current.add(rootId);
    if (timer.current === 0) timer.current = window.setTimeout(() => void fetchDue(), touchDelayMs);
  };

  return {
    status,
    fault,
    ...feed,
    open,
    reload: () => void load(),
    loadOlder: async () => {
      const before = feed.messages[0]?.id;
      if (person === null || conversation === null || before === undefined || !feed.hasMore) return;
      const asked = place.current;
      const page = await read<WireFeed>('feed', { person, conversation, before, open: [...open].join(',') });
      if (place.current !== asked) return;
      setFeed((old) => ({ ...old, hasMore: page.hasMore, messages: [...page.messages, ...old.messages] }));
    },
    touch,
    put: (message) => merge([message]),
    toggleThread: (rootId) => {
      const next = new Set(open);
      if (!next.delete(rootId)) next.add(rootId);
      setOpen(next);
      openNow.current = next;
      touch(rootId);
    },
    trim: () =>
      setFeed((old) =>
        old.messages.length > keptWhenTrimmed * 2
          ? { ...old, hasMore: true, messages: old.messages.slice(-keptWhenTrimmed) }
          : old,
      ),
  };
}
