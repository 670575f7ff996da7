import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

import type { WireState } from '../wire.js';
import { read, sentenceOf } from './api.js';

export interface LoadedState {
  readonly state: WireState | null;
  readonly fault: string | null;
  /** Server time minus this browser's, in ms. */
  readonly clockOffset: number;
  /** Asks again soon; calls within a moment are one. */
  readonly refresh: () => void;
}

const refreshDelayMs = 150;

/** People, places, unread marks and the panel, as one person sees them. */
export function useConsoleState(person: string): LoadedState {
  const [state, setState] = useState<WireState | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const timer = useRef(0);
  const wanted = useRef(person);
  wanted.current = person;
  const load = useCallback(async () => {
    timer.current = 0;
    const asked = wanted.current;
    try {
      const loaded = await read<WireState>('state', { person: asked });
      if (wanted.current !== asked) return;
      setState(loaded);
      setFault(null);
    } catch (error) {
      setFault(sentenceOf(error));
    }
  }, []);
  useEffect(() => void load(), [load, person]);
  return {
    state,
    fault,
    clockOffset: state ? Date.parse(state.now) - Date.now() : 0,
    refresh: () => {
      if (timer.current === 0) timer.current = window.setTimeout(() => void load(), refreshDelayMs);
    },
  };
}
