import { drawAlertCard } from '../../cards/alert-card.js';
import type { CardContent } from '../../cards/card.js';
import { assignDialog, closeDialog, releaseDialog, reopenDialog } from '../../cards/dialog-alert.js';
import {
  dismissDialog,
  handOverDialog,
  linkAlertDialog,
  reopenIncidentDialog,
  resolveDialog,
} from '../../cards/dialog-incident.js';
import { drawIncidentCard } from '../../cards/incident-card.js';
import { drawAlertList, drawIncidentList } from '../../cards/list-card.js';
import { drawChoice, drawHelp, drawNotice, drawSummary } from '../../cards/message-card.js';
import { alertStatuses, severities } from '../../domain/alerts/alert.js';
import { incidentStatuses } from '../../domain/incidents/incident.js';
import { actionGallery } from './action-gallery.js';
import { alertRow, alertView, ann, at, bo, incidentView } from './views.js';

const named = <K extends string>(names: readonly K[], prefix: string, draw: (name: K) => CardContent) =>
  Object.fromEntries(names.map((name) => [`${prefix}-${name.replaceAll('_', '-')}`, draw(name)]));

const closed = { closedAt: at('09:41:00'), closedBy: bo.userId, closingNotes: 'A test of the mail gateway.' };
const page = { tenantId: alertRow().tenantId, tenantName: 'Contoso' };
const incident = incidentView().incident;
const incidentItem = {
  ...incident,
  classification: 'malware',
  sourceSystem: 'edr',
  owner: bo,
  dueAt: at('10:30:00'),
} as const;

/** One of each thing that can be drawn, from fixed views: what contracts, colours and golden cards are checked on. */
export function gallery(): Record<string, CardContent> {
  return {
    ...named(
      alertStatuses,
      'alert',
      (status) => drawAlertCard(alertView({ status, ...(status.startsWith('closed') ? closed : {}) })).content,
    ),
    ...named(severities, 'alert-severity', (severity) => drawAlertCard(alertView({ severity })).content),
    'alert-with-everything': drawAlertCard(
      alertView(
        { status: 'escalated', sourceResolvedAt: at('09:41:00') },
        { incident: { id: incident.id, number: 42, status: 'in_progress' }, recurrenceOfNumber: 17 },
      ),
      { notice: 'Bo took this 4 s ago.', refreshFor: ['29:bo'] },
    ).content,
    'alert-resolved-at-microsoft': drawAlertCard(
      alertView({ status: 'investigating', sourceResolvedAt: at('09:41:00') }),
    ).content,
    ...named(incidentStatuses, 'incident', (status) => drawIncidentCard(incidentView({ status })).content),
    ...lists(),
    ...dialogs(),
    ...actionGallery(),
    help: drawHelp([{ command: 'queue', does: 'Open alerts, most urgent first.' }]).content,
    notice: drawNotice('Not found here', 'There is no A-7 in this tenant. Say queue for the open alerts.').content,
    summary: drawSummary({ tenantName: 'Contoso', mirrored: 27, opened: 12, skipped: 1 }).content,
    choice: drawChoice('Which Bo?', [
      { title: 'Bo Berg', data: { verb: 'alert.assign', assigneeId: bo.userId } },
      { title: 'Bo Ek', data: { verb: 'alert.assign', assigneeId: ann.userId } },
    ]).content,
  };
}

function lists(): Record<string, CardContent> {
  return {
    'list-queue': drawAlertList('queue', { ...page, items: [alertRow()], total: 1204, nextCursor: 'c1' }).content,
    'list-mine': drawAlertList('mine', {
      ...page,
      items: [alertRow({ status: 'assigned' })],
      total: 1,
      nextCursor: null,
    }).content,
    'list-empty': drawAlertList('queue', { ...page, items: [], total: 0, nextCursor: null }).content,
    'list-incidents': drawIncidentList({ ...page, items: [incidentItem], total: 1, nextCursor: 'c2' }).content,
  };
}

function dialogs(): Record<string, CardContent> {
  const alert = alertView({ status: 'investigating' });
  return {
    'dialog-close': closeDialog(alert).card,
    'dialog-release': releaseDialog(alert).card,
    'dialog-reopen': reopenDialog(alert).card,
    'dialog-assign': assignDialog(alert, [ann, bo]).card,
    'dialog-resolve': resolveDialog(incidentView()).card,
    'dialog-dismiss': dismissDialog(incidentView()).card,
    'dialog-reopen-incident': reopenIncidentDialog(incidentView()).card,
    'dialog-hand-over': handOverDialog(incidentView(), [ann]).card,
    'dialog-link-alert': linkAlertDialog(incidentView(), [alertRow()]).card,
  };
}
