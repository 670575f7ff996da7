import type { AlertMetadata } from '../domain/alerts/alert.js';
import type { AlertPage, MalformedRecord, SourceAlert } from '../domain/alerts/alert-source.js';
import { evidenceLines, firstDevice, firstUser, malwareName } from './alert-evidence.js';
import { alertRecord } from './alert-fields.js';
import type { AlertRecord, Evidence } from './alert-fields.js';
import { nameOf, placeOf, reasons } from './page-records.js';
import type { RawPage } from './pages.js';
import { storable, storableOrNull } from './text.js';
import { microsoftTime } from './timestamps.js';

/** UTF-16 units; Microsoft's own longest are far below, so that a cut is a sign of abuse. */
const caps = { title: 10_000, description: 20_000, actions: 10_000, word: 256, url: 2_048, techniques: 50 };

/** Records of one page; a malformed one is named and leaves the others alone. */
export function parseAlerts(page: RawPage): AlertPage {
  const alerts: SourceAlert[] = [];
  const malformed: MalformedRecord[] = [];
  for (const [index, row] of page.rows.entries()) {
    const parsed = parseAlert(row, placeOf(page, index));
    if ('why' in parsed) malformed.push(parsed);
    else alerts.push(parsed);
  }
  return { alerts, malformed, partial: page.partial };
}

/** One alert of Graph alerts_v2, whatever was sent. `place` names it when it has no id. Never throws. */
export function parseAlert(row: unknown, place: string): SourceAlert | MalformedRecord {
  const parsed = alertRecord.safeParse(row);
  if (!parsed.success) return { which: nameOf(row) ?? place, why: reasons(parsed.error.issues) };
  const record = parsed.data;
  const id = storable(record.id, caps.word * 2);
  const lastUpdate = microsoftTime(record.lastUpdateDateTime);
  if (id === '') return { which: place, why: 'id: has no readable character' };
  if (lastUpdate === null) return { which: id, why: 'lastUpdateDateTime: is not a time' };
  return toSourceAlert(record, id, lastUpdate);
}

function toSourceAlert(record: AlertRecord, id: string, lastUpdate: string): SourceAlert {
  const evidence = record.evidence.filter((one) => one !== null);
  const word = (value: string | null) => storableOrNull(value, caps.word);
  return {
    microsoftAlertId: id,
    microsoftIncidentId: word(record.incidentId),
    lastUpdate,
    createdAt: microsoftTime(record.createdDateTime),
    lastActivityAt: microsoftTime(record.lastActivityDateTime),
    title: storableOrNull(record.title, caps.title) ?? 'Untitled alert',
    description: storableOrNull(record.description, caps.description),
    severity: word(record.severity) ?? 'unknown',
    status: word(record.status) ?? 'unknown',
    category: word(record.category),
    threatName: word(record.threatDisplayName) ?? word(record.threatFamilyName) ?? word(malwareName(evidence)),
    device: firstDevice(evidence),
    user: firstUser(evidence),
    metadata: metadataOf(record, evidence),
  };
}

function metadataOf(record: AlertRecord, evidence: readonly Evidence[]): AlertMetadata {
  const techniques = record.mitreTechniques.map((technique) => storableOrNull(technique, 64));
  return {
    alertWebUrl: portalUrl(record.alertWebUrl),
    incidentWebUrl: portalUrl(record.incidentWebUrl),
    category: storableOrNull(record.category, caps.word),
    serviceSource: storableOrNull(record.serviceSource, caps.word),
    detectionSource: storableOrNull(record.detectionSource, caps.word),
    mitreTechniques: techniques.filter((technique) => technique !== null).slice(0, caps.techniques),
    recommendedActions: storableOrNull(record.recommendedActions, caps.actions),
    evidence: evidenceLines(evidence),
  };
}

const portalHosts = /(^|\.)(microsoft\.com|microsoft\.us|azure\.com|azure\.us|office\.com)$/;

/** A link is kept only when it leads to Microsoft, because a card turns it into a button. */
function portalUrl(url: string | null): string | null {
  if (url === null || url.length > caps.url || !URL.canParse(url)) return null;
  const { protocol, hostname, port, username, password, href } = new URL(url);
  const isPlain = port === '' && username === '' && password === '';
  return protocol === 'https:' && isPlain && portalHosts.test(hostname) ? href : null;
}
