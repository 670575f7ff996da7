import { useEffect, useRef } from 'preact/hooks';

import type { WireMessage } from '../wire.js';

/** Reports messages that come into view, and again when they change while in view. */
export function useSeen(
  list: { current: HTMLElement | null },
  shown: readonly WireMessage[],
  onSeen: (messages: readonly WireMessage[]) => void,
): void {
  const report = useRef(onSeen);
  report.current = onSeen;
  const messages = useRef(shown);
  messages.current = shown;
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
  }, [shown]);
}
