import type { HistoryEntry } from '../domain/audit/history.js';
import type { AlertView } from '../domain/alerts/alert-view.js';
import type { AlertLimits } from './alert-limits.js';
import type { Section } from './layout.js';
import { asRun } from './text.js';
import { viewerTime } from './times.js';
import { historyAction, isJob } from './words.js';

type Line = Section['lines'][number];

const HISTORY = 5;
export const LABELS = '110px';
/** Instead of a label, where the one above still holds; a TextBlock must not be empty. */
const BELOW = '\u00a0';

export function line(label: string, value: unknown, max: number): Line[] {
  const text = asRun(value, max);
  return text ? [{ label, text, isTime: false }] : [];
}

export function timeLine(label: string, at: Date): Line {
  return { label, text: viewerTime(at), isTime: true };
}

/** "Why am I seeing this": what makes it one alert, and how often it was seen. */
export function whySection({ alert }: AlertView): Section {
  const lines = [
    ...line('Dedupe key', `${alert.sourceSystem} · ${alert.sourceId}`, 260),
    ...line('Seen', alert.seenCount === 1 ? 'once' : `${alert.seenCount} times`, 40),
    timeLine('First', alert.firstSeenAt),
    timeLine('Last', alert.lastSeenAt),
    ...(alert.detectedAt ? [timeLine('At the source', alert.detectedAt)] : []),
    ...line('Rule', alert.alertType, 100),
  ];
  return { id: 'why', title: 'Why am I seeing this', labelWidth: LABELS, lines };
}

/** Metadata comes from a JSON column: a list is not trusted to be one. */
function texts(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function evidenceSection({ alert }: AlertView, limits: AlertLimits): Section {
  const { metadata } = alert;
  const evidence = texts(metadata.evidence);
  const left = evidence.length - limits.evidence;
  const lines = [
    ...line('What happened', alert.description, limits.description),
    ...evidence
      .slice(0, limits.evidence)
      .flatMap((item, place) => line(place === 0 ? 'Evidence' : BELOW, item, limits.evidenceLine)),
    ...(left > 0 ? line(BELOW, `${left} more at the source`, 60) : []),
    ...line('Category', metadata.category, limits.value),
    ...line(
      'Techniques',
      texts(metadata.mitreTechniques)
        .slice(0, 8)
        .map((item) => asRun(item, 16))
        .join(', '),
      160,
    ),
    ...line('Advice', metadata.recommendedActions, limits.advice),
  ];
  return { id: 'evidence', title: 'Evidence and advice', labelWidth: LABELS, lines };
}

export function historySection(history: readonly HistoryEntry[], reasonLimit: number): Section {
  const lines = history.slice(0, HISTORY).flatMap((entry) => {
    const by = isJob(entry.by) ? 'AVIAN' : asRun(entry.by, 60);
    const said = entry.reason && !isJob(entry.by) ? `: ${asRun(entry.reason, reasonLimit)}` : '';
    const what = `${by} ${historyAction(entry.action)}`;
    return line(viewerTime(entry.at), what + said, reasonLimit + 140);
  });
  return { id: 'history', title: 'History', labelWidth: 'auto', lines };
}
