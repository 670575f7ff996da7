import { setTimeout as sleep } from 'node:timers/promises';
import { DeliveryError } from '../../../domain/channels/teams-gateway.js';
import type { DeliveryFault, OutgoingContent, TeamsGateway } from '../../../domain/channels/teams-gateway.js';
import type { Window } from '../../../jobs/delivery/limits.js';

export interface Message {
  readonly operation: 'post' | 'reply' | 'update';
  readonly conversationId: string;
  readonly activityId: string;
  /** The card's summary, or the text. */
  readonly words: string;
  readonly at: number;
}

/** What happens to the next request: it is refused, or `accepted` and then answered with a fault, or never answered. */
export type Fault =
  { readonly fault: DeliveryFault; readonly accepted?: boolean; readonly retryAfterMs?: number } | 'hangs';

export interface PretendTeams {
  readonly gateway: TeamsGateway;
  /** Accepted messages, in order. */
  readonly journal: readonly Message[];
  /** Requests that broke a documented limit. */
  readonly tooFast: number;
  /** Most requests that were in flight at once in one conversation. */
  readonly mostAtOnce: number;
  readonly faults: Fault[];
  /** Why the personal chat of a person, by Entra object id, cannot be opened. */
  readonly unreachable: Map<string, DeliveryFault>;
  /** Whose chats were opened, each time. */
  readonly opened: readonly string[];
  /** Resolves when `count` messages were accepted in all. */
  accepted(count: number): Promise<void>;
  /** Resolves when a request was left hanging. */
  hanging(): Promise<void>;
  forget(activityId: string): void;
}

/** Keeps the limits as Teams documents them, on its own clock; `slowMs` is the time that each request takes. */
export function createPretendTeams(windows: readonly Window[] = [], slowMs = 0): PretendTeams {
  const journal: Message[] = [];
  const faults: Fault[] = [];
  const arrivals = new Map<string, number[]>();
  const inFlight = new Map<string, number>();
  const known = new Set<string>();
  const listeners = new Set<() => void>();
  const state = { tooFast: 0, mostAtOnce: 0, hanging: 0 };
  const changed = () => {
    for (const listener of listeners) listener();
  };
  const until = (isSo: () => boolean) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (!isSo()) return;
        listeners.delete(check);
        resolve();
      };
      listeners.add(check);
      check();
    });

  const limit = (conversationId: string) => {
    const now = performance.now();
    const times = arrivals.get(conversationId) ?? [];
    const full = windows.some(({ ms, max }) => times.filter((at) => at > now - ms).length >= max);
    if (full) {
      state.tooFast += 1;
      throw new DeliveryError('throttled', 'too many requests', 50);
    }
    arrivals.set(conversationId, [...times, now]);
  };

  const receive = async (message: Omit<Message, 'at'>): Promise<string> => {
    const { conversationId, activityId } = message;
    const atOnce = (inFlight.get(conversationId) ?? 0) + 1;
    inFlight.set(conversationId, atOnce);
    state.mostAtOnce = Math.max(state.mostAtOnce, atOnce);
    try {
      limit(conversationId);
      if (slowMs > 0) await sleep(slowMs);
      const fault = faults.shift();
      const isRefused = fault === 'hangs' || (fault && !fault.accepted);
      if (!isRefused && message.operation !== 'post' && !known.has(activityId)) throw new DeliveryError('gone', '404');
      if (!isRefused) {
        known.add(activityId);
        journal.push({ ...message, at: performance.now() });
        changed();
      }
      if (fault === 'hangs') {
        state.hanging += 1;
        changed();
        await new Promise(() => undefined);
      } else if (fault) throw new DeliveryError(fault.fault, `scripted: ${fault.fault}`, fault.retryAfterMs);
      return activityId;
    } finally {
      inFlight.set(conversationId, (inFlight.get(conversationId) ?? 1) - 1);
    }
  };

  const unreachable = new Map<string, DeliveryFault>();
  const opened: string[] = [];
  let newest = 0;
  const gateway: TeamsGateway = {
    post: ({ conversationId }, content) =>
      receive({ operation: 'post', conversationId, activityId: `activity-${(newest += 1)}`, words: wordsOf(content) }),
    reply: ({ conversationId }, activityId, content) =>
      receive({ operation: 'reply', conversationId, activityId, words: wordsOf(content) }),
    update: async ({ conversationId }, activityId, content) => {
      await receive({ operation: 'update', conversationId, activityId, words: wordsOf(content) });
    },
    openPersonal: async ({ aadObjectId, entraTenantId, near }) => {
      await Promise.resolve();
      const fault = unreachable.get(aadObjectId);
      opened.push(aadObjectId);
      if (fault) throw new DeliveryError(fault, `scripted: ${fault}`);
      const { serviceUrl, botId } = near;
      return { conversationId: `a:chat-${aadObjectId}`, kind: 'personal', serviceUrl, entraTenantId, botId };
    },
  };
  return {
    gateway,
    journal,
    faults,
    unreachable,
    opened,
    get tooFast() {
      return state.tooFast;
    },
    get mostAtOnce() {
      return state.mostAtOnce;
    },
    accepted: (count) => until(() => journal.length >= count),
    hanging: () => until(() => state.hanging > 0),
    forget: (activityId) => void known.delete(activityId),
  };
}

function wordsOf(content: OutgoingContent): string {
  return 'text' in content ? content.text : content.summary;
}
