import { z } from 'zod';
import type {
  ActionOrder,
  DeviceActions,
  MachineNow,
  MicrosoftAction,
  OrderOutcome,
} from '../domain/actions/action-gateway.js';
import type { DeviceActionKind } from '../domain/actions/action.js';
import type { TenantConnection } from '../domain/alerts/alert-source.js';
import { SourceError } from '../domain/alerts/alert-source.js';
import { checkedActionId, checkedMachineId } from './action-ids.js';
import { outcomeOf } from './action-outcome.js';
import type { Ordered } from './action-outcome.js';
import { newestFirst, parseAction, parseActions } from './action-parser.js';
import { machineParser } from './machine-parser.js';
import { defender } from './rest-api.js';
import { createRestReader } from './rest-reader.js';
import type { RestReader } from './rest-reader.js';
import { sendOnce } from './rest.js';
import type { RestOptions } from './rest.js';

const reading = 'Machine.Read.All';
/** No machine has more actions; Defender gives at most 10,000. */
const most = 1_000;
const list = z.object({ value: z.array(z.unknown()) });

const orders: Readonly<Record<DeviceActionKind, { verb: string; member: string | null; permission: string }>> = {
  isolate: { verb: 'isolate', member: 'IsolationType', permission: 'Machine.Isolate' },
  unisolate: { verb: 'unisolate', member: null, permission: 'Machine.Isolate' },
  scan: { verb: 'runAntiVirusScan', member: 'ScanType', permission: 'Machine.Scan' },
};

/**
 * Machine actions of Defender for Endpoint. Reads are repeated and need Machine.Read.All; what is ordered leaves once and
 * needs Machine.Isolate or Machine.Scan. People wait for all of it, so it may use the reserve of the budget.
 */
export function createDeviceActions(options: RestOptions): DeviceActions {
  const read = createRestReader(options, defender(options.cloud));
  const get = (connection: TenantConnection, target: string, signal: AbortSignal, mayBeAbsent = false) =>
    read({ connection, target, permission: reading, signal, urgent: true, mayBeAbsent });
  return {
    machine: async (connection, microsoftDeviceId, signal) => {
      const { body } = await get(connection, `/machines/${checkedMachineId(microsoftDeviceId)}`, signal, true);
      return body === null ? null : machineOf(read, body);
    },
    ofMachine: async (connection, microsoftDeviceId, since, signal) => {
      const { body } = await get(connection, listOf(checkedMachineId(microsoftDeviceId), since), signal);
      const { actions, malformed } = listed(body);
      if (malformed > 0)
        options.log.warn({ tenantId: connection.tenantId, malformed }, 'machine actions without an id');
      return actions.filter((one) => isOf(one, microsoftDeviceId) && isSince(one, since)).toSorted(newestFirst);
    },
    read: async (connection, actionId, signal) => {
      const { body } = await get(connection, `/machineactions/${checkedActionId(actionId)}`, signal, true);
      return body === null ? null : actionOf(body);
    },
    order: (connection, order, signal) => {
      const { permission } = orders[order.kind];
      const missing =
        'Defender does not know this device any more: look it up by its name, there may be a newer record.';
      const path = () => `/machines/${checkedMachineId(order.microsoftDeviceId)}/${orders[order.kind].verb}`;
      return send(options, { connection, permission, missing }, path, bodyOf(order), signal);
    },
    cancel: (connection, actionId, comment, signal) => {
      const permission = 'Machine.Isolate or Machine.Scan';
      const missing = 'Defender does not know this action any more.';
      const path = () => `/machineactions/${checkedActionId(actionId)}/cancel`;
      return send(options, { connection, permission, missing }, path, { Comment: comment }, signal);
    },
  };
}

/** Defender heeds the case of the members. */
function bodyOf({ kind, parameter, comment }: ActionOrder): object {
  const { member } = orders[kind];
  return { Comment: comment, ...(member !== null && { [member]: parameter ?? '' }) };
}

/** One request. What fails before it leaves is a refusal; only `signal` makes it throw, and only while nothing has left. */
async function send(
  options: RestOptions,
  ordered: Ordered,
  path: () => string,
  body: object,
  signal: AbortSignal,
): Promise<OrderOutcome> {
  const { connection } = ordered;
  try {
    const write = { connection, method: 'POST' as const, path: path(), body, urgent: true, signal };
    return outcomeOf(await sendOnce(options, defender(options.cloud), write), ordered);
  } catch (error) {
    if (error instanceof SourceError) return { is: 'refused', message: `${error.message} Nothing was begun.` };
    signal.throwIfAborted();
    options.log.error({ tenantId: connection.tenantId, err: error }, 'an order to Defender broke off');
    return { is: 'unknown', message: 'The request broke off on our side. Whether it was begun is being looked up.' };
  }
}

function listOf(machineId: string, since: Date | null): string {
  const after = since === null ? '' : ` and creationDateTimeUtc ge ${since.toISOString()}`;
  return `/machineactions?$filter=${encodeURIComponent(`machineId eq '${machineId}'${after}`)}&$top=${most}`;
}

function listed(body: unknown) {
  const parsed = list.safeParse(body);
  if (!parsed.success)
    throw new SourceError('protocol', 'Defender answered with something that is no list of actions.');
  return parseActions(parsed.data.value);
}

/** A filter that is not heeded must not make the action of another machine ours; one that names none may be. */
function isOf(action: MicrosoftAction, machineId: string): boolean {
  return action.microsoftDeviceId === '' || action.microsoftDeviceId.toLowerCase() === machineId.toLowerCase();
}

function isSince(action: MicrosoftAction, since: Date | null): boolean {
  return since === null || action.createdAt === null || Date.parse(action.createdAt) >= since.getTime();
}

function actionOf(body: unknown): MicrosoftAction {
  const action = parseAction(body);
  if (!action) throw new SourceError('protocol', 'Defender answered with something that is no action.');
  return action;
}

function machineOf({ api }: RestReader, body: unknown): MachineNow | null {
  const parsed = machineParser.record.safeParse(body);
  if (!parsed.success) throw new SourceError('protocol', `${api.name} answered with something that is no machine.`);
  const machine = machineParser.toItem(parsed.data);
  if (!machine) return null;
  const { health, onboarding, operatingSystem, osVersion, deviceValue, tags } = machine;
  return { health, onboarding, operatingSystem, osVersion, deviceValue, tags };
}
