import type { Database, Trx } from '../../database/transaction.js';
import type { Actor } from '../access/actor.js';
import { holderFor } from '../access/member-store.js';
import { writeBackClosing } from '../actions/write-back.js';
import type { Change } from '../change.js';
import { change } from '../change.js';
import { alertName } from '../names.js';
import { readCursor } from '../paging.js';
import { isNumber, isUuid } from '../query.js';
import { readList, reading } from '../reading.js';
import type { AlertService, Changed } from '../services.js';
import type { Alert } from './alert.js';
import { readMine, readQueue } from './alert-list-queries.js';
import * as rules from './alert-rules.js';
import { recurrenceNumber } from './alert-store.js';
import { alertSubject } from './alert-subject.js';
import type { AlertView } from './alert-view.js';
import { readAlertView, readAlertViewByNumber } from './alert-view-queries.js';
import { escalation } from './escalation.js';
import type { AlertVerb } from './life-cycle.js';

/** The use cases of alerts: each is an act of the life cycle with its rule. */
export function createAlertService(db: Database): AlertService {
  const act = <Facts>(one: Change<Alert, AlertVerb, Facts>): Promise<Changed<AlertView>> =>
    change(db, alertSubject, one);
  return {
    view: (actor, id) => readAlert(db, actor, id, (trx) => (isUuid(id) ? readAlertView(trx, id) : nothing())),
    findByNumber: (actor, number) =>
      readAlert(db, actor, alertName(number), (trx) =>
        isNumber(number) ? readAlertViewByNumber(trx, number) : nothing(),
      ),
    take: (click) =>
      act({ verb: 'alert.take', click, apply: (alert, now) => rules.taken(alert, now, click.actor.userId) }),
    assign: (click, assigneeId, reason) =>
      act({
        verb: 'alert.assign',
        click,
        reason,
        prepare: (trx) => holderFor(trx, assigneeId, 'alert.work', 'alerts'),
        apply: (alert, now, assignee) => rules.assigned(alert, now, assignee, reason),
      }),
    investigate: (click) => act({ verb: 'alert.investigate', click, apply: rules.investigated }),
    escalate: (click) => act(escalation(click)),
    close: (click, outcome, notes) =>
      act({
        verb: 'alert.close',
        click,
        reason: notes,
        apply: (alert, now) => rules.closed(alert, now, click.actor.userId, outcome, notes),
        also: async (trx, alert) => {
          await writeBackClosing(trx, click, alert, outcome, notes);
          return [];
        },
      }),
    release: (click, note) => act({ verb: 'alert.release', click, reason: note, apply: () => rules.released(note) }),
    reopen: (click, reason) =>
      act({
        verb: 'alert.reopen',
        click,
        reason,
        prepare: (trx) => recurrenceNumber(trx, click.entityId),
        apply: (alert, now, recurrence) => rules.reopened(alert, now, reason, recurrence),
      }),
    queue: (actor, cursor) => readList(db, actor, 'queue', (trx) => readQueue(trx, readCursor('queue', cursor))),
    mine: (actor, cursor) =>
      readList(db, actor, 'mine', (trx) => readMine(trx, actor.userId, readCursor('mine', cursor))),
  };
}

const nothing = () => Promise.resolve(null);

function readAlert(db: Database, actor: Actor, entityId: string, read: (trx: Trx) => Promise<AlertView | null>) {
  return reading(db, actor, { entityType: 'alert', entityId }, read);
}
