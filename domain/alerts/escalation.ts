import type { Trx } from '../../database/transaction.js';
import { recordAudit } from '../audit/record.js';
import type { Change } from '../change.js';
import type { StaleRef } from '../channels/outbox.js';
import { insertIncident, linkAlert } from '../incidents/incident-store.js';
import type { Click } from '../services.js';
import { deadlines } from '../sla/policy.js';
import { readSettings } from '../tenants/settings.js';
import type { Alert } from './alert.js';
import * as rules from './alert-rules.js';
import type { AlertVerb } from './life-cycle.js';

/** The one way an incident comes to be: the assignee's decision, owned by the assignee, with its clocks running. */
export function escalation(click: Click): Change<Alert, AlertVerb, unknown> {
  return {
    verb: 'alert.escalate',
    click,
    apply: rules.escalated,
    also: (trx, alert) => openIncident(trx, alert, click),
  };
}

async function openIncident(trx: Trx, alert: Alert, click: Click): Promise<StaleRef[]> {
  const { actor, activityId } = click;
  const { title, description, severity } = alert;
  const clocks = deadlines(severity, trx.now, await readSettings(trx));
  const { id, number } = await insertIncident(trx, { ownerId: actor.userId, title, description, severity, ...clocks });
  if (!(await linkAlert(trx, id, alert.id, true))) throw new Error(`the alert ${alert.id} has an incident already`);
  await recordAudit(trx, {
    by: { kind: 'person', id: actor.userId },
    action: 'incident.create',
    entity: { type: 'incident', id },
    after: { number, alertId: alert.id, ownerId: actor.userId, severity, ...clocks },
    activityId,
  });
  return [{ entity: 'incident', id }];
}
