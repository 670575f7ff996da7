/** The calls of the bot to Teams. */
export type Operation = 'create' | 'post' | 'update' | 'delete' | 'members' | 'team';

interface FaultScope {
  /** How many calls it hits; default 1. */
  readonly times?: number;
  /** Only calls about this conversation. */
  readonly conversationId?: string;
  readonly operations?: readonly Operation[];
}

export type Fault = FaultScope &
  (
    | {
        readonly kind: 'status';
        readonly status: number;
        readonly code?: string;
        readonly retryAfterSeconds?: number;
        /** Teams took the call and then answers with the failure (a lost answer of a gateway in between). */
        readonly accepted?: boolean;
      }
    /** The call is taken, or not, and never answered. */
    | { readonly kind: 'hang'; readonly accepted?: boolean }
    /** The connection is cut, before or after Teams took the call. */
    | { readonly kind: 'cut'; readonly accepted?: boolean }
    | { readonly kind: 'slow'; readonly delayMs: number }
  );

export interface Faults {
  /** Returns the way to take it back. */
  add(fault: Fault): () => void;
  clear(): void;
  /** The first fault that fits; it is used up by one. */
  next(operation: Operation, conversationId: string): Fault | null;
  /** Faults that have not been used up. */
  readonly waiting: number;
}

export function createFaults(): Faults {
  const waiting: { fault: Fault; left: number }[] = [];
  return {
    add: (fault) => {
      const entry = { fault, left: fault.times ?? 1 };
      waiting.push(entry);
      return () => {
        entry.left = 0;
      };
    },
    clear: () => {
      waiting.length = 0;
    },
    next: (operation, conversationId) => {
      const entry = waiting.find(({ fault, left }) => left > 0 && fits(fault, operation, conversationId));
      if (!entry) return null;
      entry.left -= 1;
      return entry.fault;
    },
    get waiting() {
      return waiting.reduce((sum, { left }) => sum + left, 0);
    },
  };
}

function fits(fault: Fault, operation: Operation, conversationId: string): boolean {
  return (
    (fault.operations === undefined || fault.operations.includes(operation)) &&
    (fault.conversationId === undefined || fault.conversationId === conversationId)
  );
}
