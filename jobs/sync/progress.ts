import { performance } from 'node:perf_hooks';
import type { Logger } from 'pino';
import { second } from '../../domain/durations.js';
import type { SyncProgress } from './context.js';

const apart = 5 * second;

interface Told {
  readonly runId: string;
  /** Where the run stood when it was first heard of, from which its rate is counted. */
  readonly since: number;
  readonly from: number;
  readonly at: number;
}

/**
 * Tells operators how far each run has come, at most once in 5 s, so that quick runs tell nothing. `clock` gives milliseconds.
 * Remembers one run of each tenant and source, since there are never two at once.
 */
export function progressLog(
  log: Pick<Logger, 'info'>,
  clock = () => performance.now(),
): (progress: SyncProgress) => void {
  const told = new Map<string, Told>();
  return (progress) => {
    const { tenantId, source, runId, pages, read } = progress;
    const [now, key] = [clock(), `${tenantId}/${source}`];
    const known = told.get(key);
    if (known?.runId !== runId) return void told.set(key, { runId, since: now, from: read, at: now });
    if (now - known.at < apart) return;
    told.set(key, { ...known, at: now });
    const perSecond = Math.round((read - known.from) / ((now - known.since) / second));
    const far = `${counted(pages, 'page')}, ${counted(read, 'record')}, ${perSecond.toLocaleString('en')}/s`;
    log.info({ tenantId, source, runId, pages, read, perSecond }, `reading ${source} of ${tenantId}: ${far}`);
  };
}

function counted(n: number, noun: string): string {
  return n === 1 ? `1 ${noun}` : `${n.toLocaleString('en')} ${noun}s`;
}
