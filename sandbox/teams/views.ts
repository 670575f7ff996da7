import { cardOf, isRecord } from './message.js';
import type { Card, Message } from './message.js';

interface View {
  readonly card: Card;
  readonly version: number;
}

/** The cards that single people see because an invoke answered with one. They last until the message is edited. */
export interface Views {
  /** The card that this person sees on this message. */
  cardFor(personId: string, message: Message): Card | null;
  set(personId: string, message: Message, card: Card): void;
  /** Whether looking at the message asks the bot for a fresh card: listed in refresh.userIds, and none for a minute. */
  refreshIsDue(personId: string, message: Message): boolean;
  asked(personId: string, message: Message): void;
}

const refreshPauseMs = 60_000;

export function createViews(now: () => Date): Views {
  const views = new Map<string, View>();
  const asked = new Map<string, { at: number; version: number }>();
  const key = (personId: string, message: Message) => `${message.id} ${personId}`;

  function cardFor(personId: string, message: Message): Card | null {
    const view = views.get(key(personId, message));
    return view?.version === message.version ? view.card : cardOf(message);
  }

  return {
    cardFor,
    set: (personId, message, card) => void views.set(key(personId, message), { card, version: message.version }),
    asked: (personId, message) =>
      void asked.set(key(personId, message), { at: now().getTime(), version: message.version }),
    refreshIsDue: (personId, message) => {
      const refresh = cardOf(message)?.['refresh'];
      if (!isRecord(refresh) || !isRecord(refresh['action'])) return false;
      const users = refresh['userIds'];
      if (Array.isArray(users) && !users.includes(personId)) return false;
      const last = asked.get(key(personId, message));
      return last?.version !== message.version || now().getTime() - last.at > refreshPauseMs;
    },
  };
}
