import type { Activity } from '../../sandbox/teams/activities.js';

/** An act of a person: everything that Teams may have delivered for it, and whether we were told that it is done. */
export interface Act {
  readonly person: string;
  readonly verb: string;
  readonly entityId: string;
  /** Ids of the activities that carried it. */
  readonly activityIds: Set<string>;
  /** The answer, received in full, said that it is done. */
  acknowledged: boolean;
}

/** What happened outside of the application, which its books must agree with. */
export interface Ledger {
  /** By Microsoft's id: how often it was seen there. */
  readonly alerts: Map<string, number>;
  readonly acts: Map<string, Act>;
  /** The same act, pressed again, is one act. */
  act(key: string, person: string, verb: string, entityId: string): Act;
  deliveries: number;
  refused: number;
  unanswered: number;
}

export function createLedger(): Ledger {
  const acts = new Map<string, Act>();
  return {
    alerts: new Map(),
    acts,
    act: (key, person, verb, entityId) => {
      const known = acts.get(key) ?? { person, verb, entityId, activityIds: new Set(), acknowledged: false };
      acts.set(key, known);
      return known;
    },
    deliveries: 0,
    refused: 0,
    unanswered: 0,
  };
}

export interface Delivered {
  readonly status: number;
  readonly body: unknown;
}

/** Posts an activity to the application. Null when no whole answer came. */
export async function deliver(url: string | null, activity: Activity): Promise<Delivered | null> {
  if (url === null) return null;
  try {
    const answer = await fetch(`${url}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(activity),
      signal: AbortSignal.timeout(15_000),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? null : (JSON.parse(text) as unknown) };
  } catch {
    // Killed in the middle of it: nobody was told anything.
    return null;
  }
}
