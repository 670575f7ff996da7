import type { CardContent } from '../../cards/card.js';
import { drawSyncCard } from '../../cards/sync-card.js';
import { syncSources } from '../../domain/sync/source.js';
import type { EndedRun, SourceStatus, SyncStatusView } from '../../domain/sync/sync-status.js';
import { tenantId } from './action-views.js';
import { at } from './views.js';

export function endedRun(changes: Partial<EndedRun> = {}): EndedRun {
  return {
    outcome: 'complete',
    kind: 'full',
    startedAt: at('10:00:00'),
    finishedAt: at('10:00:04'),
    read: 10_000,
    new: 12,
    changed: 3,
    removed: 1,
    skipped: 0,
    examples: [],
    error: null,
    ...changes,
  };
}

/** A source that was read two minutes ago; a test names only what matters to it. */
export function sourceStatus(changes: Partial<SourceStatus> = {}): SourceStatus {
  return {
    source: 'devices',
    underWay: null,
    lastRun: endedRun(),
    lastSuccessAt: at('10:00:04'),
    nextRunAt: at('10:15:00'),
    hold: null,
    throttledInARow: 0,
    unlicensedSince: null,
    ...changes,
  };
}

export function syncView(changes: Partial<Record<SourceStatus['source'], Partial<SourceStatus>>> = {}): SyncStatusView {
  return {
    tenantId,
    tenantName: 'Contoso',
    isConnected: true,
    sources: syncSources.map((source) => sourceStatus({ source, ...changes[source] })),
    now: at('10:02:00'),
  };
}

const examples = [
  { which: 'dev-9', why: 'computerDnsName is no text' },
  { which: 'record 17', why: 'it has no id' },
  { which: 'dev-11', why: 'it has no id' },
  { which: 'dev-12', why: 'it has no id' },
];
const consent = 'Defender refuses the app in Entra tenant a59fc703-72db-43e0-8a21-0494303b7220: check its consent.';

/** A source in each of the states that people ask about. */
export const troubled = syncView({
  alerts: {
    underWay: { kind: 'delta', startedAt: at('10:01:52'), pages: 12, read: 60_000 },
    nextRunAt: at('10:04:00'),
  },
  devices: {
    hold: { reason: consent, since: at('09:00:00'), partly: false },
    lastRun: endedRun({ outcome: 'held', error: consent, read: 0, new: 0, changed: 0, removed: 0 }),
    lastSuccessAt: null,
    nextRunAt: at('11:00:00'),
  },
  compliance: { unlicensedSince: at('08:00:00'), lastRun: null, lastSuccessAt: null },
  vulnerabilities: { lastRun: endedRun({ kind: 'delta', outcome: 'partial', skipped: 21, examples }) },
});

export function syncGallery(): Record<string, CardContent> {
  return {
    sync: drawSyncCard(syncView()).content,
    'sync-troubled': drawSyncCard(troubled, {
      notice: 'Begins now: Defender devices. Being read already: Defender alerts.',
      refreshFor: ['29:bo'],
    }).content,
    'sync-new-tenant': drawSyncCard(
      syncView({
        alerts: { lastRun: null, lastSuccessAt: null, nextRunAt: at('10:02:00') },
        devices: { lastRun: null, lastSuccessAt: null, nextRunAt: null },
        compliance: {
          hold: { reason: 'The permission for failed settings is missing.', since: at('09:00:00'), partly: true },
        },
        vulnerabilities: {
          throttledInARow: 6,
          lastRun: endedRun({ outcome: 'failed', error: 'Defender answered 429.' }),
        },
      }),
    ).content,
    'sync-not-connected': drawSyncCard({ ...syncView(), isConnected: false }).content,
  };
}
