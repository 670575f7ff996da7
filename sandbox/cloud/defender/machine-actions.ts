import { z } from 'zod';
import { jsonBody } from '../call.js';
import type { Visit } from '../call.js';
import type { ActionOrder } from '../estate/action-book.js';
import type { Estate } from '../estate/estate.js';
import type { Route } from '../gate.js';
import { ODataError } from '../odata.js';
import { guid } from '../odata-filter.js';
import type { Properties } from '../odata-filter.js';
import { defenderError, emptyReply, json } from '../reply.js';
import type { Reply } from '../reply.js';
import type { MicrosoftRecord } from '../tenants.js';
import { orderBody, refuseOrder } from './action-rules.js';
import type { OrderType } from './action-rules.js';
import { answerList, linkHost, orBadRequest, sourceOf } from './lists.js';

const actionProperties: Properties = new Map([
  ['id', 'guid'],
  ['status', 'text'],
  ['machineId', 'text'],
  ['type', 'text'],
  ['requestor', 'text'],
  ['creationDateTimeUtc', 'time'],
]);

const readers = ['Machine.Read.All', 'Machine.ReadWrite.All'];
const isolators = ['Machine.Isolate'];
const scanners = ['Machine.Scan'];

export function actionRoutes(estateOf: (tenant: string) => Estate, pageSize: number): readonly Route[] {
  const list = { name: 'MachineActions', maxPage: pageSize, filterable: actionProperties };
  const order = (path: RegExp, roles: readonly string[], type: OrderType): Route => ({
    method: 'POST',
    path,
    roles,
    answer: (visit, id = '') => orderAction(visit, estateOf(visit.tenant), id, type),
  });
  return [
    {
      method: 'GET',
      path: /^\/api\/machineactions$/i,
      roles: readers,
      answer: (visit) => orBadRequest(() => answerList(visit, list, sourceOf(estateOf(visit.tenant).actions.list()))),
    },
    {
      method: 'GET',
      path: /^\/api\/machineactions\/([^/]+)$/i,
      roles: readers,
      answer: (visit, id = '') => orBadRequest(() => readAction(estateOf(visit.tenant), id)),
    },
    order(/^\/api\/machines\/([^/]+)\/isolate$/, isolators, 'Isolate'),
    order(/^\/api\/machines\/([^/]+)\/unisolate$/, isolators, 'Unisolate'),
    order(/^\/api\/machines\/([^/]+)\/runAntiVirusScan$/, scanners, 'RunAntiVirusScan'),
    {
      method: 'POST',
      path: /^\/api\/machineactions\/([^/]+)\/cancel$/i,
      roles: [...isolators, ...scanners],
      answer: (visit, id = '') => orBadRequest(() => cancelAction(visit, estateOf(visit.tenant), id)),
    },
  ];
}

const entity = (action: MicrosoftRecord) => ({
  '@odata.context': `https://${linkHost}/api/$metadata#MachineActions/$entity`,
  ...action,
});

/** The id as it was given, else as a GUID in lower case. Throws ODataError when it is none. */
function findAction(estate: Estate, id: string): MicrosoftRecord | undefined {
  const lower = guid(id);
  return estate.actions.find(id) ?? estate.actions.find(lower);
}

function readAction(estate: Estate, id: string): Reply {
  const action = findAction(estate, id);
  return action ? json(200, entity(action)) : noAction(id);
}

const noAction = (id: string) => defenderError(404, 'ResourceNotFound', `Machine action ${id} was not found`);
const badBody = () => defenderError(400, 'InvalidRequestBody', 'Request body is incorrect');

function orderAction(visit: Visit, estate: Estate, id: string, type: OrderType): Reply {
  const order = orderBody(type, jsonBody(visit));
  if (!order) return badBody();
  const machine = estate.machines.find(id);
  if (!machine) return emptyReply(404);
  const refusal = refuseOrder(estate, machine, type, order.scope);
  if (refusal) return refusal;
  const requestor = visit.app.name ?? visit.app.clientId;
  const action = estate.actions.order({ machineId: id, type, requestor, ...order, ...fateOf(visit) });
  return json(201, entity(action));
}

/** What the next action comes to, where somebody decided it beforehand. */
function fateOf({ meet }: Visit): Pick<ActionOrder, 'fate' | 'errorHResult'> {
  const failure = meet('action_fails');
  if (failure)
    return { fate: 'fails', ...(failure.errorHResult === undefined ? {} : { errorHResult: failure.errorHResult }) };
  if (meet('action_times_out')) return { fate: 'times_out' };
  return meet('action_stuck') ? { fate: 'stuck' } : {};
}

const cancellation = z.strictObject({ Comment: z.string().min(1) });

function cancelAction(visit: Visit, estate: Estate, id: string): Reply {
  const parsed = cancellation.safeParse(jsonBody(visit));
  if (!parsed.success) return badBody();
  const action = findAction(estate, id);
  if (!action) return noAction(id);
  const by = visit.app.name ?? visit.app.clientId;
  const cancelled = estate.actions.cancel(String(action['id']), by, parsed.data.Comment);
  if (cancelled) return json(200, entity(cancelled));
  throw new ODataError(`Only pending or running actions can be cancelled; this one is ${String(action['status'])}.`);
}
