import type { IncidentView, LinkedAlert } from '../domain/incidents/incident.js';
import type { ClockName, SlaClock } from '../domain/sla/clock.js';
import type { CardContent } from './card.js';
import type { IncidentLimits } from './incident-limits.js';
import { stateOfDevice } from './device-words.js';
import { drawLines, fact, timeFact } from './layout.js';
import type { Fact } from './layout.js';
import { expand } from './templates.js';
import { asRun } from './text.js';
import { duration, viewerClock, viewerTime } from './times.js';
import { alertName, alertStatusWords, classificationWords, count, severityLooks } from './words.js';

export function incidentFacts({ incident, owner }: IncidentView, limits: IncidentLimits): Fact[] {
  return [
    fact('Owner', owner.displayName, 80),
    timeFact('Opened', viewerTime(incident.createdAt)),
    ...(incident.resolvedAt
      ? [timeFact(incident.status === 'dismissed' ? 'Dismissed' : 'Resolved', viewerTime(incident.resolvedAt))]
      : []),
    ...(incident.cycle > 1 ? [fact('Reopened', count(incident.cycle - 1, 'time'))] : []),
    fact('Resolution', incident.resolutionSummary, limits.outcome),
    fact('Why it was dismissed', incident.dismissalJustification, limits.outcome),
  ];
}

const clockWords: Record<ClockName, string> = {
  acknowledge: 'Acknowledge',
  investigate: 'Investigate',
  resolve: 'Resolve',
};

/** The state of a clock in words, with the time left, over or missed: "running, due in 12 min". */
export function slaWords({ state, stamp, deadline }: SlaClock, now: Date): string {
  const over = (stamp ?? now).getTime() - deadline.getTime();
  if (state === 'met') return '✓ met';
  if (state === 'running') return `◷ running, due in ${duration(over)}`;
  return stamp ? `✕ breached by ${duration(over)}` : `✕ breached ${duration(over)} ago`;
}

/** Coloured rows rather than coloured words: the attention colour on the dark background is below 4.5 to 1. */
const clockStyles: Record<SlaClock['state'], string> = { met: 'good', running: 'emphasis', breached: 'attention' };

export function drawClocks({ clocks, now }: IncidentView): CardContent[] {
  if (clocks.length === 0) return [];
  const drawn = clocks.slice(0, 3).map((clock) => ({
    name: clockWords[clock.name],
    words: slaWords(clock, now),
    style: clockStyles[clock.state],
    deadline: viewerClock(clock.deadline),
  }));
  return [expand('clocks', { clocks: drawn })];
}

/** Devices that the alerts name, with what is known of their state. */
export function drawDevices({ devices }: IncidentView, limits: IncidentLimits): CardContent[] {
  const left = devices.length - limits.devices;
  const lines = devices.slice(0, limits.devices).map((device) => ({
    strong: asRun(device.name, limits.alertTitle) || 'Device without a name',
    text: stateOfDevice(device).join(' · ') || 'nothing is known of its state',
  }));
  const more = left > 0 ? [{ text: `${left} more` }] : [];
  return drawLines(count(devices.length, 'device'), [...lines, ...more], 300, true);
}

export function drawLinkedAlerts({ alerts }: IncidentView, limits: IncidentLimits): CardContent[] {
  if (alerts.length === 0) return [];
  const left = alerts.length - limits.alerts;
  const heading = `${count(alerts.length, 'linked alert')}${left > 0 ? `, the first ${limits.alerts} shown` : ''}`;
  const isOneOfMany = alerts.length > 1;
  const drawn = alerts.slice(0, limits.alerts).map((alert) => drawLinkedAlert(alert, limits.alertTitle, isOneOfMany));
  return [expand('linkedAlerts', { heading, alerts: drawn })];
}

function drawLinkedAlert(alert: LinkedAlert, titleLimit: number, isOneOfMany: boolean): CardContent {
  const seen = alert.seenCount > 1 ? ` · seen ${alert.seenCount} times` : '';
  const primary = alert.isPrimary && isOneOfMany ? ' · the alert that was escalated' : '';
  return {
    name: `${severityLooks[alert.severity].icon} ${alertName(alert.number)}`,
    title: asRun(alert.title, titleLimit) || 'Alert without a title',
    facts: `${classificationWords(alert.classification)} · ${alertStatusWords[alert.status]}${seen}${primary}`,
  };
}
