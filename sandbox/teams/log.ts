import type { Operation } from './faults.js';

/** One call of the bot, as Teams saw it. */
export interface LogEntry {
  readonly operation: Operation;
  readonly conversationId: string;
  /** The activity that the call made or changed. */
  readonly activityId: string | null;
  /** The root post when the call was a reply. */
  readonly rootId: string | null;
  /** 0 when no answer was given. */
  readonly status: number;
  /** Whether Teams did what was asked, whatever it answered. */
  readonly accepted: boolean;
  readonly at: number;
}

export interface ConnectorLog {
  readonly calls: readonly LogEntry[];
  /** Accepted root posts and messages in a conversation. */
  posts(conversationId: string): number;
  replies(rootId: string): number;
  updates(activityId: string): number;
  /** Calls that were answered with this status. */
  answered(status: number): number;
  add(entry: LogEntry): void;
  clear(): void;
}

/** Keeps the newest 20,000 calls. */
export function createLog(): ConnectorLog {
  const calls: LogEntry[] = [];
  const accepted = (test: (entry: LogEntry) => boolean) => calls.filter((one) => one.accepted && test(one)).length;
  const isPost = (one: LogEntry) => one.operation === 'post' || one.operation === 'create';
  return {
    calls,
    posts: (id) =>
      accepted((one) => isPost(one) && one.conversationId === id && one.rootId === null && one.activityId !== null),
    replies: (rootId) => accepted((one) => one.operation === 'post' && one.rootId === rootId),
    updates: (id) => accepted((one) => one.operation === 'update' && one.activityId === id),
    answered: (status) => calls.filter((one) => one.status === status).length,
    add: (entry) => {
      calls.push(entry);
      if (calls.length > 20_000) calls.splice(0, 5_000);
    },
    clear: () => {
      calls.length = 0;
    },
  };
}
