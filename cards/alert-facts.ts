import type { AlertView } from '../domain/alerts/alert-view.js';
import type { AlertLimits } from './alert-limits.js';
import { stateOfDevice } from './device-words.js';
import { fact, timeFact } from './layout.js';
import type { Fact } from './layout.js';
import { asRun } from './text.js';
import { dueWords, viewerClock, viewerTime } from './times.js';
import {
  alertName,
  classificationWords,
  incidentName,
  incidentStatusWords,
  productWords,
  sourceWords,
} from './words.js';

/** The fields of an alert that its header does not show: the mandatory ones first, then only what is known. */
export function alertFacts(view: AlertView, limits: AlertLimits): Fact[] {
  const { alert, assignee } = view;
  return [
    fact('Classification', classificationWords(alert.classification)),
    fact('Source', sourceOf(view, limits.value)),
    timeFact('Created', viewerTime(alert.createdAt)),
    fact('Assignee', assignee ? asRun(assignee.displayName, limits.value) : 'Nobody yet'),
    fact('Device', deviceWords(view, limits.value), 4 * limits.value),
    fact('User', alert.affectedUser, limits.value),
    fact('Threat', alert.threatName, limits.value),
    ...targetFacts(view),
    ...relatedFacts(view),
    ...closingFacts(view, limits),
  ];
}

function sourceOf({ alert }: AlertView, max: number): string {
  const product = productWords(asRun(alert.metadata.serviceSource, max));
  return product ? `${sourceWords[alert.sourceSystem]} · ${product}` : sourceWords[alert.sourceSystem];
}

function deviceWords({ alert, device }: AlertView, max: number): string {
  const name = asRun(device?.name, max) || asRun(alert.affectedDevice, max);
  return [name, ...(device ? stateOfDevice(device) : [])].filter(Boolean).join(' · ');
}

function targetFacts({ alert, now }: AlertView): Fact[] {
  const target = (label: string, by: Date | null) =>
    by ? [timeFact(label, `${viewerClock(by)} · ${dueWords(by, now)}`)] : [];
  if (alert.status === 'open') return target('Take by', alert.takeBy);
  return alert.status === 'assigned' || alert.status === 'investigating' ? target('Decide by', alert.triageBy) : [];
}

function relatedFacts({ incident, recurrenceOfNumber }: AlertView): Fact[] {
  return [
    ...(incident
      ? [fact('Incident', `${incidentName(incident.number)} · ${incidentStatusWords[incident.status]}`)]
      : []),
    ...(recurrenceOfNumber === null ? [] : [fact('Recurrence of', alertName(recurrenceOfNumber))]),
  ];
}

function closingFacts({ alert, closedBy }: AlertView, limits: AlertLimits): Fact[] {
  if (!alert.closedAt) return [];
  return [
    timeFact('Closed', viewerTime(alert.closedAt)),
    fact('Closed by', closedBy?.displayName, limits.value),
    fact('Closing notes', alert.closingNotes, limits.reason),
  ];
}
