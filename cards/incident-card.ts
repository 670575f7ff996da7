import type { IncidentView } from '../domain/incidents/incident.js';
import { incidentVerbs } from '../domain/incidents/life-cycle.js';
import type { IncidentVerb } from '../domain/incidents/life-cycle.js';
import type { DeviceVerb } from '../domain/devices/device.js';
import { BUTTONS, drawButtons, incidentButtons } from './buttons.js';
import { drawWithin } from './card.js';
import type { Card, CardContent, CardOptions } from './card.js';
import { historySection, LABELS, line } from './details.js';
import { deviceVerbs, releaseOnly } from './device-verbs.js';
import { drawClocks, drawDevices, drawLinkedAlerts, incidentFacts, slaWords } from './incident-facts.js';
import { incidentLimits } from './incident-limits.js';
import type { IncidentLimits } from './incident-limits.js';
import { drawOpenActions } from './open-actions.js';
import { drawCard, drawDetails, drawFacts, drawNoticeLine, entityData, openUrl, withRefresh } from './layout.js';
import type { Section } from './layout.js';
import { expand } from './templates.js';
import { asRun, defenderLink } from './text.js';
import { utcTime } from './times.js';
import { alertName, headerLook, incidentName, incidentStatusWords, severityLooks, severityWords } from './words.js';

type Verb = IncidentVerb | DeviceVerb;

const PORTAL = 'https://security.microsoft.com/incidents';

/** The one card of an incident: the same function draws it when it is posted, updated and refreshed. */
export function drawIncidentCard(view: IncidentView, options: CardOptions = {}): Card {
  return drawWithin(incidentLimits, (limits) => drawIncident(view, options, limits));
}

function drawIncident(view: IncidentView, options: CardOptions, limits: IncidentLimits): Card {
  const { incident } = view;
  const data = entityData('incident', incident);
  const card = drawCard({
    about: 'incident',
    fallbackText: fallbackOf(view, limits),
    summary: `${severityWords(incident.severity)} ${incidentName(incident.number)} · ${asRun(incident.title, 120)} · ${incidentStatusWords[incident.status]}`,
    body: drawBody(view, options, limits),
    actions: drawButtons(incidentButtons, fittingVerbs(view), data),
  });
  return withRefresh(card, data, options.refreshFor);
}

/** The first to give way when there are more than fit: each is a command too. */
const givesWay: readonly Verb[] = ['device.scan', 'incident.handOver', 'incident.linkAlert'];

function fittingVerbs({ incident, devices }: IncidentView): readonly Verb[] {
  const isFinal = incident.status === 'resolved' || incident.status === 'dismissed';
  const all: Verb[] = [...incidentVerbs(incident.status), ...(isFinal ? releaseOnly : deviceVerbs)(devices)];
  const given = givesWay.filter((verb) => all.includes(verb)).slice(0, Math.max(0, all.length - BUTTONS));
  return all.filter((verb) => !given.includes(verb));
}

function drawBody(view: IncidentView, options: CardOptions, limits: IncidentLimits): CardContent[] {
  const sections = [whySection(view, limits), historySection(view.history, limits.reason)];
  return [
    ...drawNoticeLine(options.notice),
    drawHeader(view, limits),
    ...drawOpenActions(view.devices),
    drawFacts(incidentFacts(view, limits)),
    ...drawClocks(view),
    ...drawDevices(view, limits),
    ...drawLinkedAlerts(view, limits),
    ...drawDetails(sections, openUrl('Open Defender', defenderLink([PORTAL], view.entraTenantId))),
  ];
}

function drawHeader({ incident, tenantName }: IncidentView, limits: IncidentLimits): CardContent {
  const isFinal = incident.status === 'resolved' || incident.status === 'dismissed';
  return expand('header', {
    ...headerLook(incident.severity, isFinal),
    severity: severityWords(incident.severity),
    name: incidentName(incident.number),
    status: incidentStatusWords[incident.status],
    title: asRun(incident.title, limits.title) || 'Incident without a title',
    tenant: asRun(tenantName, 80),
  });
}

function whySection({ incident, alerts, owner }: IncidentView, limits: IncidentLimits): Section {
  const primary = alerts.find((alert) => alert.isPrimary);
  const origin = primary
    ? `${alertName(primary.number)} was escalated; only a person's decision opens an incident. The owner is ${asRun(owner.displayName, 80)}.`
    : `The owner is ${asRun(owner.displayName, 80)}.`;
  const lines = [...line('Why', origin, 260), ...line('What happened', incident.description, limits.description)];
  return { id: 'why', title: 'Why am I seeing this', labelWidth: LABELS, lines };
}

function fallbackOf({ incident, owner, clocks, now }: IncidentView, limits: IncidentLimits): string {
  const due = clocks.map((clock) => `${clock.name} ${slaWords(clock, now)}, by ${utcTime(clock.deadline)}`);
  return [
    `${severityLooks[incident.severity].word} incident ${incidentName(incident.number)}: ${asRun(incident.title, limits.title)}.`,
    `Status: ${incidentStatusWords[incident.status]}. Owner: ${asRun(owner.displayName, 60)}.`,
    `Opened ${utcTime(incident.createdAt)}.${due.length > 0 ? ` SLA: ${due.slice(0, 3).join('; ')}.` : ''}`,
  ].join(' ');
}
