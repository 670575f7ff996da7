import type { AlertListItem, AlertListPage } from '../domain/alerts/alert-list.js';
import type { IncidentListItem, IncidentListPage } from '../domain/incidents/incident-list.js';
import { alertButtons, directButton } from './buttons.js';
import { CARD_SCHEMA, drawWithin } from './card.js';
import type { Card, CardContent, ListPageData } from './card.js';
import { drawCard, drawNoticeLine, entityData } from './layout.js';
import { expand } from './templates.js';
import { asRun } from './text.js';
import { viewerTime } from './times.js';
import {
  alertName,
  alertStatusWords,
  classificationWords,
  count,
  incidentName,
  incidentStatusWords,
  severityWords,
  sourceWords,
} from './words.js';

/** Rows that fit a card whatever their titles are; ask for pages of this size. */
export const LIST_PAGE_ROWS = 10;

interface Row {
  readonly severity: string;
  readonly name: string;
  readonly title: unknown;
  readonly facts: string;
  readonly hasActions: boolean;
  readonly actions: readonly CardContent[];
}

interface ListLimits {
  readonly title: number;
  readonly rows: number;
}

interface List {
  readonly kind: ListPageData['list'];
  readonly heading: string;
  readonly empty: string;
  readonly tenantId: string;
  readonly tenantName: string;
  readonly rows: readonly Row[];
  readonly nextCursor: string | null;
  readonly notice?: string;
}

/** Where a page of a list stands, and what is said above it. */
export interface ListPlace {
  /** Of this page; null for the first. Its buttons bring it back, so that the same page is shown after a click. */
  readonly cursor: string | null;
  readonly notice?: string;
}

/** The triage queue with a take button per row, or the reader's own alerts. */
export function drawAlertList(kind: 'queue' | 'mine', page: AlertListPage, place: ListPlace = { cursor: null }): Card {
  const titles = {
    queue: { heading: `Triage queue: ${count(page.total, 'open alert')}`, empty: 'Nothing is waiting to be taken.' },
    mine: { heading: `Mine: ${count(page.total, 'alert')} in work`, empty: 'You have no alerts in work. Try queue.' },
  };
  return drawList({
    ...page,
    kind,
    ...titles[kind],
    ...(place.notice === undefined ? {} : { notice: place.notice }),
    rows: page.items.map((item) => alertRow(kind, page.tenantId, item, place.cursor)),
  });
}

export function drawIncidentList(page: IncidentListPage): Card {
  const heading = `Incidents: ${page.total.toLocaleString('en')}`;
  const rows = page.items.map(incidentRow);
  return drawList({ ...page, kind: 'incidents', heading, empty: 'There are no incidents here.', rows });
}

function alertRow(kind: 'queue' | 'mine', tenantId: string, item: AlertListItem, cursor: string | null): Row {
  const data = { verb: 'alert.take', ...entityData('alert', { tenantId, id: item.id, version: item.version }) };
  const from = { list: 'queue', ...(cursor === null ? {} : { cursor }) };
  const take = kind === 'queue' ? [directButton(alertButtons['alert.take'].title, { ...data, ...from })] : [];
  return {
    severity: severityWords(item.severity),
    name: alertName(item.number),
    title: item.title,
    facts: factsOf(item, alertStatusWords[item.status]),
    hasActions: take.length > 0,
    actions: take,
  };
}

function incidentRow(item: IncidentListItem): Row {
  const due = item.dueAt ? ` · due ${viewerTime(item.dueAt)}` : '';
  return {
    severity: severityWords(item.severity),
    name: incidentName(item.number),
    title: `${asRun(item.title, 200)} · ${asRun(item.owner.displayName, 60)}`,
    facts: factsOf(item, incidentStatusWords[item.status]) + due,
    hasActions: false,
    actions: [],
  };
}

function factsOf(item: AlertListItem | IncidentListItem, status: string): string {
  const words = [classificationWords(item.classification), sourceWords[item.sourceSystem]];
  return [...words, `created ${viewerTime(item.createdAt)}`, status].join(' · ');
}

/** Titles give way to size; rows never do as long as a page has at most LIST_PAGE_ROWS. */
function drawList(list: List): Card {
  const every = list.rows.length;
  const limits: readonly [ListLimits, ...ListLimits[]] = [
    { title: 140, rows: every },
    { title: 60, rows: every },
    { title: 60, rows: LIST_PAGE_ROWS },
  ];
  return drawWithin(limits, ({ title, rows }) => {
    const shown = list.rows
      .slice(0, rows)
      .map((row) => ({ ...row, title: asRun(row.title, title) || 'Without a title' }));
    const text = `${list.heading} · ${asRun(list.tenantName, 80)}`;
    return drawCard({
      about: list.kind,
      fallbackText: `${text}. ${shown.map((row) => `${row.severity} ${row.name} ${row.title}`).join('; ')}`,
      summary: text,
      body: [
        ...drawNoticeLine(list.notice),
        drawHeading(list),
        ...(shown.length > 0 ? [expand('listRows', { rows: shown })] : []),
      ],
      actions: nextPage(list),
    });
  });
}

function drawHeading(list: List): CardContent {
  const lines = [{ strong: '', text: asRun(list.tenantName, 80) }];
  const example = list.rows[0];
  const hint = example ? `Say "show ${example.name}" to see its card.` : list.empty;
  return expand('message', { heading: list.heading, lines: [...lines, { strong: '', text: hint }] });
}

function nextPage({ kind, tenantId, nextCursor }: List): CardContent[] {
  if (nextCursor === null) return [];
  const data: ListPageData = { verb: 'list.page', tenantId, list: kind, cursor: nextCursor, schema: CARD_SCHEMA };
  return [directButton('Next page', { ...data })];
}
