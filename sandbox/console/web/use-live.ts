import { useEffect, useRef } from 'preact/hooks';

import type { WireEvent } from '../wire.js';

/** Listens to the server for one person; onBack is called when a broken connection stands again. */
export function useLive(personId: string | null, onEvent: (event: WireEvent) => void, onBack: () => void): void {
  const latest = useRef({ onEvent, onBack });
  latest.current = { onEvent, onBack };
  useEffect(() => {
    if (personId === null) return;
    const source = new EventSource(`/console/api/events?person=${encodeURIComponent(personId)}`);
    let wasLost = false;
    source.onmessage = ({ data }: MessageEvent<string>) => latest.current.onEvent(JSON.parse(data) as WireEvent);
    source.onerror = () => (wasLost = true);
    source.onopen = () => {
      if (wasLost) latest.current.onBack();
      wasLost = false;
    };
    return () => source.close();
  }, [personId]);
}
