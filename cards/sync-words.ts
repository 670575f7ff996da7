import { sourceNames } from '../domain/sync/sync-sentences.js';
import type { EndedRun, RunUnderWay, SourceStatus, StartOutcome, SyncStarted } from '../domain/sync/sync-status.js';
import { asRun } from './text.js';
import { duration, viewerTime } from './times.js';
import { count } from './words.js';

/** How much of the untrusted text a card takes: characters of each reason, examples, and characters of each part of these. */
export interface SyncLimits {
  readonly reason: number;
  readonly examples: number;
  readonly part: number;
}

export interface SourceLook {
  readonly icon: string;
  readonly word: string;
  readonly color: string;
}

const looks = {
  underWay: { icon: '▷', word: 'being read', color: 'Accent' },
  due: { icon: '◷', word: 'due now', color: 'Accent' },
  held: { icon: '◆', word: 'on hold', color: 'Warning' },
  partly: { icon: '▲', word: 'read in part', color: 'Warning' },
  unlicensed: { icon: '–', word: 'not in the tenant', color: 'Default' },
  throttled: { icon: '▲', word: 'throttled', color: 'Warning' },
  failed: { icon: '✕', word: 'failed', color: 'Warning' },
  incomplete: { icon: '▲', word: 'incomplete', color: 'Warning' },
  never: { icon: '○', word: 'not read yet', color: 'Default' },
  read: { icon: '✓', word: 'read', color: 'Default' },
} as const satisfies Record<string, SourceLook>;

/** What stands first: what goes on now, then what is in the way, then how the last run ended. */
export function sourceLook(status: SourceStatus, now: Date): SourceLook {
  if (status.underWay) return looks.underWay;
  if (status.nextRunAt && status.nextRunAt <= now) return looks.due;
  return obstacle(status) ?? ended(status.lastRun);
}

function obstacle({ hold, unlicensedSince, throttledInARow }: SourceStatus): SourceLook | null {
  if (hold) return hold.partly ? looks.partly : looks.held;
  if (unlicensedSince) return looks.unlicensed;
  return throttledInARow > 0 ? looks.throttled : null;
}

function ended(run: EndedRun | null): SourceLook {
  if (!run) return looks.never;
  if (run.outcome === 'complete') return looks.read;
  return run.outcome === 'partial' ? looks.incomplete : looks.failed;
}

/** What is known of a source, a line each, for text runs. */
export function sourceLines(status: SourceStatus, now: Date, limits: SyncLimits): string[] {
  const { underWay, lastRun } = status;
  return [
    ...(underWay ? [progressLine(underWay, now)] : []),
    ...obstacleLines(status, limits),
    ...(lastRun ? runLines(status, lastRun, limits) : []),
  ];
}

function progressLine({ kind, startedAt, pages, read }: RunUnderWay, now: Date): string {
  const ms = Math.max(0, now.getTime() - startedAt.getTime());
  const perSecond = Math.round(read / Math.max(1, ms / 1_000));
  const far = `${count(pages, 'page')}, ${count(read, 'record')}, ${perSecond.toLocaleString('en')} a second`;
  return `Reading ${kindWords[kind]} for ${duration(ms)}: ${far}.`;
}

const kindWords: Record<EndedRun['kind'], string> = { full: 'everything', delta: 'what changed' };

function obstacleLines({ hold, unlicensedSince, throttledInARow }: SourceStatus, limits: SyncLimits): string[] {
  const times = `${throttledInARow.toLocaleString('en')} ${throttledInARow === 1 ? 'time' : 'times in a row'}`;
  return [
    ...(hold && !hold.partly
      ? [`On hold: ${asRun(hold.reason, limits.reason)} It is tried again every hour, until it succeeds.`]
      : []),
    ...(hold?.partly ? [`Not all can be read: ${asRun(hold.reason, limits.reason)}`] : []),
    ...(unlicensedSince ? ['The tenant does not have this at Microsoft. It is looked at again once a week.'] : []),
    ...(throttledInARow > 0 ? [`Microsoft has throttled it ${times}.`] : []),
  ];
}

const outcomeWords: Record<EndedRun['outcome'], string> = {
  complete: 'complete',
  partial: 'incomplete',
  failed: 'failed',
  held: 'refused',
};

function runLines({ hold }: SourceStatus, run: EndedRun, limits: SyncLimits): string[] {
  const took = duration(run.finishedAt.getTime() - run.startedAt.getTime());
  const counts = [
    `${count(run.read, 'record')} read`,
    ...[figure(run.new, 'new'), figure(run.changed, 'changed'), figure(run.removed, 'removed')],
  ].filter(Boolean);
  const why = run.error === null || run.error === hold?.reason ? '' : ` ${asRun(run.error, limits.reason)}`;
  return [
    `Last run ${outcomeWords[run.outcome]} (${kindWords[run.kind]}, ${took}): ${counts.join(', ')}.${why}`,
    ...(run.skipped > 0 ? [skippedLine(run, limits)] : []),
  ];
}

function figure(n: number, word: string): string {
  return n > 0 ? `${n.toLocaleString('en')} ${word}` : '';
}

function skippedLine({ skipped, examples }: EndedRun, limits: SyncLimits): string {
  const named = examples
    .slice(0, limits.examples)
    .map(({ which, why }) => `${asRun(which, limits.part) || 'without an id'} (${asRun(why, limits.part)})`);
  const more =
    skipped > named.length && named.length > 0 ? `; and ${(skipped - named.length).toLocaleString('en')} more` : '';
  const such = named.length > 0 ? `: ${named.join('; ')}` : '';
  return `${count(skipped, 'record')} could not be read and ${skipped === 1 ? 'was' : 'were'} skipped${such}${more}.`;
}

/** For a TextBlock. */
export function sourceTimes({ underWay, lastSuccessAt, nextRunAt }: SourceStatus, now: Date): string {
  const success = lastSuccessAt ? `Last success ${viewerTime(lastSuccessAt)}` : 'Never read completely yet';
  const isAhead = !underWay && nextRunAt !== null && nextRunAt > now;
  return isAhead ? `${success} · next run ${viewerTime(nextRunAt)}` : success;
}

const startWords: Record<StartOutcome, string> = {
  begins: 'Begins now',
  under_way: 'Being read already',
  just_read: 'Read a moment ago',
};

/** "Begins now: Defender alerts and Intune devices. Being read already: Defender devices." Empty for a repeated message. */
export function startedWords({ outcomes }: SyncStarted): string {
  return (Object.keys(startWords) as StartOutcome[])
    .map((outcome) => ({ outcome, of: outcomes.filter((one) => one.outcome === outcome) }))
    .filter(({ of }) => of.length > 0)
    .map(({ outcome, of }) => `${startWords[outcome]}: ${of.map(({ source }) => sourceNames[source]).join(', ')}.`)
    .join(' ');
}
