import { sourceNames } from '../domain/sync/sync-sentences.js';
import type { SourceStatus, SyncStatusView } from '../domain/sync/sync-status.js';
import { directButton } from './buttons.js';
import { CARD_SCHEMA, drawWithin } from './card.js';
import type { Card, CardContent, CardOptions, SyncShowData } from './card.js';
import { drawCard, drawLines, drawNoticeLine, refreshedBy } from './layout.js';
import { sourceLines, sourceLook, sourceTimes } from './sync-words.js';
import type { SyncLimits } from './sync-words.js';
import { expand } from './templates.js';
import { asPlain, asRun } from './text.js';

/** What gives way when a card grows too large: examples of skipped records, then reasons. */
const syncLimits: readonly [SyncLimits, ...SyncLimits[]] = [
  { reason: 600, examples: 3, part: 120 },
  { reason: 400, examples: 1, part: 80 },
  { reason: 120, examples: 1, part: 40 },
];

const HOW =
  'To read now, say "edr sync", or what: "edr sync devices". "edr sync vulnerabilities full" reads all of them.';
const NOTHING = 'No Microsoft tenant is connected here, so nothing is read.';

/** How the reading of a tenant stands, with the progress of what goes on; an answer to whoever asks. */
export function drawSyncCard(view: SyncStatusView, options: CardOptions = {}): Card {
  const data: SyncShowData = { verb: 'sync.show', tenantId: view.tenantId, schema: CARD_SCHEMA };
  const card = drawWithin(syncLimits, (limits) => drawStatus(view, options, limits, data));
  return refreshedBy(card, { ...data }, options.refreshFor);
}

function drawStatus(view: SyncStatusView, options: CardOptions, limits: SyncLimits, data: SyncShowData): Card {
  const summary = view.isConnected ? summaryOf(view) : NOTHING;
  const heading = `Sync · ${asPlain(view.tenantName, 80)}`;
  const sources = view.isConnected ? view.sources : [];
  return drawCard({
    about: 'sync',
    fallbackText: [`Sync of ${asPlain(view.tenantName, 80)}`, ...sources.map((one) => nameOf(one, view.now))].join(
      '. ',
    ),
    summary: `Sync of ${asRun(view.tenantName, 80)}: ${summary}`,
    body: [
      ...drawNoticeLine(options.notice),
      expand('message', { heading, lines: [{ strong: '', text: summary }] }),
      ...(sources.length > 0
        ? [expand('syncRows', { rows: sources.map((one) => drawRow(one, view.now, limits)) })]
        : []),
      ...drawLines('', view.isConnected ? [{ text: HOW }] : [], 200, true),
    ],
    actions: [directButton('Refresh', { ...data })],
  });
}

function drawRow(status: SourceStatus, now: Date, limits: SyncLimits): CardContent {
  return {
    name: nameOf(status, now),
    color: sourceLook(status, now).color,
    lines: sourceLines(status, now, limits).map((text) => ({ text })),
    time: sourceTimes(status, now),
  };
}

function nameOf(status: SourceStatus, now: Date): string {
  const { icon, word } = sourceLook(status, now);
  return `${icon} ${sourceNames[status.source]}: ${word}`;
}

/** "2 read, 1 being read, 1 on hold", in the order of the sources. */
function summaryOf({ sources, now }: SyncStatusView): string {
  const words = sources.map((one) => sourceLook(one, now).word);
  return [...new Set(words)].map((word) => `${words.filter((one) => one === word).length} ${word}`).join(', ');
}
