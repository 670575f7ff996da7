import type { Database } from '../../database/transaction.js';
import { inSystem } from '../../database/transaction.js';
import { day } from '../durations.js';

export interface CredentialEnd {
  /** For people: which application. */
  readonly app: string;
  readonly endsAt: Date;
}

/** Days before the end at which admins are told; 0: it has ended. */
const told = [0, 1, 7, 14, 30] as const;
export type Threshold = (typeof told)[number];

/** The nearest threshold that has been reached; null while the end is far. */
export function reachedThreshold(endsAt: Date, now: Date): Threshold | null {
  const left = endsAt.getTime() - now.getTime();
  return told.find((days) => left <= days * day) ?? null;
}

/** Whole days until the first end, negative once it is over; null when no end is known. */
export function daysUntilFirst(ends: readonly CredentialEnd[], now: Date): number | null {
  if (ends.length === 0) return null;
  const first = Math.min(...ends.map(({ endsAt }) => endsAt.getTime()));
  return Math.floor((first - now.getTime()) / day);
}

/** The same by the database's clock. */
export async function readDaysUntilFirst(db: Database, ends: readonly CredentialEnd[]): Promise<number | null> {
  return ends.length === 0 ? null : inSystem(db, async ({ now }) => daysUntilFirst(ends, now));
}
