import type { Trx } from '../../database/transaction.js';
import { alertMove } from '../alerts/life-cycle.js';
import type { Alert } from '../alerts/alert.js';
import * as alertRules from '../alerts/alert-rules.js';
import { lockAlert, saveAlert } from '../alerts/alert-store.js';
import { recordAudit } from '../audit/record.js';
import type { Change } from '../change.js';
import type { StaleRef } from '../channels/outbox.js';
import { DomainError } from '../errors.js';
import { alertName } from '../names.js';
import { isUuid } from '../query.js';
import { sentences } from '../sentences.js';
import type { Click } from '../services.js';
import type { Incident } from './incident.js';
import { linkAlert } from './incident-store.js';
import type { IncidentVerb } from './life-cycle.js';

/** The owner adds an alert of their own, from investigating, which becomes escalated with it. */
export function linking(click: Click, alertId: string): Change<Incident, IncidentVerb, unknown> {
  return {
    verb: 'incident.linkAlert',
    click,
    apply: () => ({}),
    also: async (trx, incident) => addAlert(trx, incident, await ownAlert(trx, alertId, click.actor.userId), click),
  };
}

async function ownAlert(trx: Trx, alertId: string, userId: string): Promise<Alert> {
  const alert = isUuid(alertId) ? await lockAlert(trx, alertId) : null;
  if (!alert) throw new DomainError('not_found', sentences.notFound);
  if (alert.assignedTo !== userId || !alertMove('alert.escalate', alert.status))
    throw new DomainError('conflict', sentences.notYourAlert(alertName(alert.number)));
  return alert;
}

async function addAlert(trx: Trx, incident: Incident, alert: Alert, click: Click): Promise<StaleRef[]> {
  await saveAlert(trx, alert, alertRules.escalated(alert, trx.now));
  if (!(await linkAlert(trx, incident.id, alert.id, false))) throw new Error(`the alert ${alert.id} has an incident`);
  const threadOf = await recordAudit(trx, {
    by: { kind: 'person', id: click.actor.userId },
    action: 'alert.escalate',
    entity: { type: 'alert', id: alert.id },
    before: { status: alert.status },
    after: { status: 'escalated', incidentId: incident.id },
    activityId: click.activityId,
  });
  return [{ entity: 'alert', id: alert.id, threadOf }];
}
