import { randomUUID } from 'node:crypto';
import type {
  ActionOrder,
  DeviceActions,
  MachineNow,
  MicrosoftAction,
  OrderOutcome,
} from '../../../domain/actions/action-gateway.js';
import type { SourceError } from '../../../domain/sync/source.js';

/** accepted, and lost: Microsoft has it, but the answer never came. never: nothing arrived there, and nobody knows. */
type Answer = 'accepted' | 'lost' | 'never' | 'active' | { readonly refused: string };

type Editable = { -readonly [Field in keyof MicrosoftAction]: MicrosoftAction[Field] };

export interface Defender extends DeviceActions {
  readonly actions: Editable[];
  /** Every order that left, whatever came of it. */
  readonly orders: ActionOrder[];
  readonly cancelled: string[];
  /** What happens to the next orders; afterwards all are accepted. */
  readonly answers: Answer[];
  /** Thrown by the next reads, one each. */
  readonly faults: SourceError[];
  machineNow: MachineNow | null;
  /** Called between what was looked at and the order. */
  beforeOrder: () => Promise<void>;
  /** What stands at Microsoft without our doing. */
  add(type: string, status: string, machineId: string, given?: Partial<MicrosoftAction>): Editable;
  /** Word of the newest action. */
  say(status: string): void;
}

const types = { isolate: 'Isolate', unisolate: 'Unisolate', scan: 'RunAntiVirusScan' } as const;

/** Microsoft's side of device actions as a script; `now` is the clock of the installation. */
export function createDefender(now: () => Date): Defender {
  const actions: Editable[] = [];
  const read = () => {
    const fault = defender.faults.shift();
    if (fault) throw fault;
  };
  const add: Defender['add'] = (type, status, microsoftDeviceId, given = {}) => {
    const id = randomUUID();
    const createdAt = now().toISOString();
    const made = { id, type, status, microsoftDeviceId, comment: null, createdAt, updatedAt: null, ...given };
    actions.unshift(made);
    return made;
  };
  const order = async (order: ActionOrder): Promise<OrderOutcome> => {
    await defender.beforeOrder();
    defender.orders.push(order);
    const answer = defender.answers.shift() ?? 'accepted';
    if (typeof answer === 'object') return { is: 'refused', message: answer.refused };
    if (answer === 'active') return { is: 'active' };
    if (answer === 'never') return { is: 'unknown', message: 'Microsoft gave no answer.' };
    const { microsoftDeviceId, comment } = order;
    const action = add(types[order.kind], 'Pending', microsoftDeviceId, { comment });
    return answer === 'lost' ? { is: 'unknown', message: 'Microsoft gave no answer.' } : { is: 'accepted', action };
  };
  const defender: Defender = {
    actions,
    orders: [],
    cancelled: [],
    answers: [],
    faults: [],
    machineNow: {
      health: 'Active',
      onboarding: 'Onboarded',
      operatingSystem: 'Windows11',
      osVersion: '24H2',
      deviceValue: 'Normal',
      tags: [],
    },
    beforeOrder: () => Promise.resolve(),
    add,
    say: (status) => {
      const [newest] = actions;
      if (newest) newest.status = status;
    },
    machine: async () => {
      await Promise.resolve(read());
      return defender.machineNow;
    },
    ofMachine: async (_connection, machineId, since) => {
      await Promise.resolve(read());
      return actions
        .filter((one) => one.microsoftDeviceId === machineId && (!since || new Date(one.createdAt ?? 0) >= since))
        .map((one) => ({ ...one }));
    },
    read: async (_connection, actionId) => {
      await Promise.resolve(read());
      const found = actions.find((one) => one.id === actionId);
      return found ? { ...found } : null;
    },
    order: (_connection, given) => order(given),
    cancel: (_connection, actionId) => {
      defender.cancelled.push(actionId);
      const action = actions.find((one) => one.id === actionId);
      if (action?.status !== 'Pending') return Promise.resolve({ is: 'refused', message: 'It has ended.' });
      action.status = 'Cancelled';
      return Promise.resolve({ is: 'accepted', action });
    },
  };
  return defender;
}
