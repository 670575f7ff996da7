import { day, hour, minute, second } from '../../domain/durations.js';
import { noticeToAdmins } from '../../domain/sync/admin-notice.js';
import { hold, noteThrottled, noteUnlicensed } from '../../domain/sync/cursor-store.js';
import { isSameReason } from '../../domain/sync/hold-reason.js';
import type { RunOutcome } from '../../domain/sync/run-store.js';
import type { SourceError, SourceFault } from '../../domain/sync/source.js';
import { syncSentences } from '../../domain/sync/sync-sentences.js';
import type { Trx } from '../../domain/transaction.js';
import { backOffMs } from '../back-off.js';
import type { RunFrame } from './context.js';

interface Reacted {
  readonly waitMs: number;
  /** What admins read, unless they know. */
  readonly changed?: { readonly action: 'sync.held' | 'sync.unlicensed'; readonly text: string } | null;
}

interface Reaction {
  readonly outcome: RunOutcome;
  readonly react: (trx: Trx, frame: RunFrame, error: SourceError) => Promise<Reacted>;
}

const throttledTooOften = 5;
/** A longer Retry-After is a mistake of whoever sent it. */
const longestWait = day;

/** What follows from each fault of a source. */
export const reactions: Readonly<Record<SourceFault, Reaction>> = {
  on_hold: { outcome: 'held', react: onHold },
  not_licensed: { outcome: 'held', react: notLicensed },
  throttled: { outcome: 'failed', react: throttled },
  unavailable: { outcome: 'failed', react: tryLater },
  protocol: { outcome: 'failed', react: tryLater },
};

async function onHold(trx: Trx, { source, holdReason }: RunFrame, { message }: SourceError): Promise<Reacted> {
  await hold(trx, source, message);
  if (isSameReason(holdReason, message)) return { waitMs: hour };
  return { waitMs: hour, changed: { action: 'sync.held', text: syncSentences.onHold(source, message) } };
}

async function notLicensed(trx: Trx, { source, unlicensedSince }: RunFrame, error: SourceError): Promise<Reacted> {
  await noteUnlicensed(trx, source);
  if (unlicensedSince !== null) return { waitMs: 7 * day };
  const text = syncSentences.notLicensed(source, error.message);
  return { waitMs: 7 * day, changed: { action: 'sync.unlicensed', text } };
}

async function throttled(trx: Trx, frame: RunFrame, { retryAfterMs }: SourceError): Promise<Reacted> {
  const { source, everyMs } = frame;
  await noteThrottled(trx, source);
  const times = frame.throttledInARow + 1;
  const asked = retryAfterMs ?? backOffMs(times, { baseMs: 10 * second, capMs: 5 * minute });
  const waitMs = Math.min(asked, longestWait);
  if (times < throttledTooOften) return { waitMs };
  if (times === throttledTooOften)
    await noticeToAdmins(trx, `sync.throttled.${source}`, syncSentences.throttled(source, times));
  return { waitMs: Math.max(waitMs, 2 * everyMs) };
}

function tryLater(_trx: Trx, { everyMs }: RunFrame, { retryAfterMs }: SourceError): Promise<Reacted> {
  return Promise.resolve({ waitMs: Math.min(retryAfterMs ?? Math.min(everyMs, 15 * minute), longestWait) });
}
