import type { Message } from './message.js';

/** What happens in the pretend Teams, in order. */
export type TeamsEvent =
  | { readonly type: 'message' | 'edited' | 'deleted'; readonly message: Message }
  /** This person now sees another card on this message than the others do. */
  | { readonly type: 'view'; readonly personId: string; readonly message: Message }
  | { readonly type: 'typing'; readonly conversationId: string; readonly rootId: string | null }
  | { readonly type: 'read'; readonly personId: string; readonly conversationId: string }
  /** The app was added or removed, or a channel was deleted. */
  | { readonly type: 'places' };

export interface Events {
  emit(event: TeamsEvent): void;
  /** Returns the way to stop listening. */
  subscribe(listener: (event: TeamsEvent) => void): () => void;
}

export function createEvents(): Events {
  const listeners = new Set<(event: TeamsEvent) => void>();
  return {
    emit: (event) => {
      for (const listener of [...listeners]) listener(event);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
