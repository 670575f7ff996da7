import type { TenantConnection } from '../alerts/alert-source.js';

/** Raised by sources on top of the faults of alerts; see SourceError. */
export type { MalformedRecord, SourceFault, TenantConnection } from '../alerts/alert-source.js';
export { SourceError } from '../alerts/alert-source.js';

/** What is synced, each with its own cursor, interval, hold and runs. */
export const syncSources = ['alerts', 'devices', 'compliance', 'vulnerabilities'] as const;
export type SyncSource = (typeof syncSources)[number];

/** One page of a walk: what could be read, and what could not. */
export interface SourcePage<Item> {
  readonly items: readonly Item[];
  readonly malformed: readonly { readonly which: string; readonly why: string }[];
  /** HTTP 206: something is missing, so the walk is not complete. */
  readonly partial: boolean;
}

/** Pages of one walk, in order. Throws SourceError; ends early with the reason of `signal`. */
export type Walk<Item> = (connection: TenantConnection, signal: AbortSignal) => AsyncIterable<SourcePage<Item>>;
