import type { Database, Trx } from '../../database/transaction.js';
import type { Actor } from '../access/actor.js';
import { holderFor } from '../access/member-store.js';
import { writeBackResolution } from '../actions/write-back.js';
import type { Change } from '../change.js';
import { change } from '../change.js';
import type { StaleRef } from '../channels/outbox.js';
import { incidentName } from '../names.js';
import { readCursor } from '../paging.js';
import { isNumber, isUuid } from '../query.js';
import { readList, reading } from '../reading.js';
import type { Changed, IncidentService } from '../services.js';
import { readSettings } from '../tenants/settings.js';
import { written } from '../text.js';
import type { Incident, IncidentView } from './incident.js';
import { readAllIncidents, readOpenIncidents } from './incident-list-queries.js';
import * as rules from './incident-rules.js';
import { keepCycle, linkedAlertIds } from './incident-store.js';
import { incidentSubject } from './incident-subject.js';
import { linkableAlerts, readIncidentView, readIncidentViewByNumber } from './incident-view-queries.js';
import type { IncidentVerb } from './life-cycle.js';
import { linking } from './linking.js';

/** The use cases of incidents: each is an act of the life cycle with its rule. */
export function createIncidentService(db: Database): IncidentService {
  const act = <Facts>(one: Change<Incident, IncidentVerb, Facts>): Promise<Changed<IncidentView>> =>
    change(db, incidentSubject, one);
  return {
    view: (actor, id) => readIncident(db, actor, id, (trx) => (isUuid(id) ? readIncidentView(trx, id) : nothing())),
    findByNumber: (actor, number) =>
      readIncident(db, actor, incidentName(number), (trx) =>
        isNumber(number) ? readIncidentViewByNumber(trx, number) : nothing(),
      ),
    start: (click) => act({ verb: 'incident.start', click, apply: rules.started, also: alertsToo }),
    resolve: (click, summary) =>
      act({
        verb: 'incident.resolve',
        click,
        reason: summary,
        apply: (incident, now) => rules.resolved(incident, now, summary),
        also: async (trx, incident) => {
          await writeBackResolution(trx, click, incident.id, summary);
          return alertsToo(trx, incident);
        },
      }),
    dismiss: (click, justification) =>
      act({
        verb: 'incident.dismiss',
        click,
        reason: justification,
        apply: (incident, now) => rules.dismissed(incident, now, justification),
        also: alertsToo,
      }),
    reopen: (click, reason) =>
      act({
        verb: 'incident.reopen',
        click,
        reason,
        prepare: readSettings,
        apply: (incident, now, settings) => rules.reopened(incident, now, reason, settings),
        also: async (trx, ended) => {
          await keepCycle(trx, ended, click.actor.userId, written('The reason', reason));
          return alertsToo(trx, ended);
        },
      }),
    handOver: (click, ownerId, reason) =>
      act({
        verb: 'incident.handOver',
        click,
        reason,
        prepare: (trx) => holderFor(trx, ownerId, 'incident.work', 'incidents'),
        apply: (incident, _now, owner) => rules.handedOver(incident, owner, reason),
      }),
    linkAlert: (click, alertId) => act(linking(click, alertId)),
    linkable: (actor, incidentId) =>
      readIncident(db, actor, incidentId, async (trx) => {
        const incident = isUuid(incidentId) ? await readIncidentView(trx, incidentId) : null;
        return incident && linkableAlerts(trx, actor.userId);
      }),
    list: (actor, which, cursor) =>
      readList(db, actor, `incidents ${which}`, (trx) =>
        which === 'open'
          ? readOpenIncidents(trx, readCursor('open', cursor))
          : readAllIncidents(trx, readCursor('all', cursor)),
      ),
  };
}

const nothing = () => Promise.resolve(null);

/** The cards of its alerts show the status of the incident. */
async function alertsToo(trx: Trx, incident: Incident): Promise<StaleRef[]> {
  const ids = await linkedAlertIds(trx, incident.id);
  return ids.map((id) => ({ entity: 'alert', id, mode: 'refresh' }));
}

function readIncident<T>(db: Database, actor: Actor, entityId: string, read: (trx: Trx) => Promise<T | null>) {
  return reading(db, actor, { entityType: 'incident', entityId }, read);
}
