import type { AlertView } from '../domain/alerts/alert-view.js';
import { alertVerbs } from '../domain/alerts/life-cycle.js';
import type { DeviceVerb } from '../domain/devices/device.js';
import { alertFacts } from './alert-facts.js';
import { alertLimits } from './alert-limits.js';
import type { AlertLimits } from './alert-limits.js';
import { alertButtons, drawButtons } from './buttons.js';
import { drawWithin } from './card.js';
import type { Card, CardContent, CardOptions } from './card.js';
import { evidenceSection, historySection, whySection } from './details.js';
import { deviceVerbs, releaseOnly } from './device-verbs.js';
import { drawOpenActions } from './open-actions.js';
import { drawCard, drawDetails, drawFacts, drawNoticeLine, entityData, openUrl, withRefresh } from './layout.js';
import { expand } from './templates.js';
import { asRun, defenderLink } from './text.js';
import { utcTime, viewerTime } from './times.js';
import {
  alertName,
  alertStatusWords,
  classificationWords,
  headerLook,
  severityLooks,
  severityWords,
  sourceWords,
} from './words.js';

/** The one card of an alert: the same function draws it when it is posted, updated and refreshed. */
export function drawAlertCard(view: AlertView, options: CardOptions = {}): Card {
  return drawWithin(alertLimits, (limits) => drawAlert(view, options, limits));
}

function drawAlert(view: AlertView, options: CardOptions, limits: AlertLimits): Card {
  const { alert } = view;
  const data = entityData('alert', alert);
  const preferred = alert.sourceResolvedAt ? ('alert.close' as const) : undefined;
  const card = drawCard({
    about: 'alert',
    fallbackText: fallbackOf(view, limits),
    summary: `${severityWords(alert.severity)} ${alertName(alert.number)} · ${asRun(alert.title, 120)} · ${alertStatusWords[alert.status]}`,
    body: drawBody(view, options, limits),
    actions: drawButtons(alertButtons, [...alertVerbs(alert.status), ...verbsForDevice(view)], data, preferred),
  });
  return withRefresh(card, data, options.refreshFor);
}

/** On the device of the alert; when the alert is done, only what undoes an isolation. */
function verbsForDevice({ alert, device }: AlertView): readonly DeviceVerb[] {
  if (!device) return [];
  return alert.status.startsWith('closed_') ? releaseOnly([device]) : deviceVerbs([device]);
}

function drawBody(view: AlertView, options: CardOptions, limits: AlertLimits): CardContent[] {
  const sections = [whySection(view), evidenceSection(view, limits), historySection(view.history, limits.reason)];
  return [
    ...drawNoticeLine(options.notice),
    drawHeader(view, limits),
    ...drawHints(view),
    ...drawOpenActions(view.device ? [view.device] : []),
    drawFacts(alertFacts(view, limits)),
    drawSeen(view),
    ...drawDetails(sections, openUrl('Open in Defender', linkOf(view))),
  ];
}

function drawHeader({ alert, tenantName }: AlertView, limits: AlertLimits): CardContent {
  const isFinal = alert.status.startsWith('closed_');
  return expand('header', {
    ...headerLook(alert.severity, isFinal),
    severity: severityWords(alert.severity),
    name: alertName(alert.number),
    status: alertStatusWords[alert.status],
    title: asRun(alert.title, limits.title) || 'Alert without a title',
    tenant: asRun(tenantName, 80),
  });
}

function drawHints({ alert }: AlertView): CardContent[] {
  if (!alert.sourceResolvedAt || alert.status.startsWith('closed_')) return [];
  const next: Partial<Record<typeof alert.status, string>> = {
    open: 'Take it, then close it if you agree.',
    assigned: 'Close it here if you agree.',
    investigating: 'Close it here if you agree.',
  };
  const text = `✓ Resolved at Microsoft ${viewerTime(alert.sourceResolvedAt)}. ${next[alert.status] ?? ''}`.trimEnd();
  return [expand('hint', { style: 'good', text })];
}

function drawSeen(view: AlertView): CardContent {
  const isOnce = view.alert.seenCount <= 1;
  return expand('seen', { text: seenWords(view), isOnce, weight: isOnce ? 'Default' : 'Bolder' });
}

function seenWords({ alert }: AlertView): string {
  if (alert.seenCount <= 1) return 'Seen once';
  return `Seen ${alert.seenCount} times, first ${viewerTime(alert.firstSeenAt)}, last ${viewerTime(alert.lastSeenAt)}`;
}

function linkOf({ alert, entraTenantId }: AlertView): string | null {
  const { alertWebUrl, incidentWebUrl } = alert.metadata;
  const own = alert.defenderAlertId
    ? `https://security.microsoft.com/alerts/${encodeURIComponent(asRun(alert.defenderAlertId, 255))}`
    : null;
  return defenderLink([alertWebUrl, own, incidentWebUrl], entraTenantId);
}

function fallbackOf({ alert, assignee }: AlertView, limits: AlertLimits): string {
  return [
    `${severityLooks[alert.severity].word} alert ${alertName(alert.number)}: ${asRun(alert.title, limits.title)}.`,
    `Classification: ${classificationWords(alert.classification)}. Source: ${sourceWords[alert.sourceSystem]}.`,
    `Created ${utcTime(alert.createdAt)}. Status: ${alertStatusWords[alert.status]}.`,
    assignee ? `Assignee: ${asRun(assignee.displayName, 60)}.` : 'Nobody has taken it yet.',
    `Seen ${alert.seenCount === 1 ? 'once' : `${alert.seenCount} times`}, last ${utcTime(alert.lastSeenAt)}.`,
  ].join(' ');
}
