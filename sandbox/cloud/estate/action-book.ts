import { randomUUID } from 'node:crypto';
import type { ActionLine } from '../state-file.js';
import type { MicrosoftRecord } from '../tenants.js';
import { actionRecord } from './action-record.js';
import { livesOf, statusAt } from './action-life.js';
import type { ActionDelays, ActionLife, ActionStatus, StoredAction } from './action-life.js';
import type { Power } from './power.js';

export type Isolation = 'not_isolated' | 'isolated' | 'selectively_isolated';

export type ActionOrder = Pick<StoredAction, 'machineId' | 'type' | 'scope' | 'requestor' | 'comment'> &
  Partial<Pick<StoredAction, 'requestSource' | 'fate' | 'errorHResult'>>;

/** The machine actions of one tenant. They move with the clock and are computed when somebody looks. */
export interface ActionBook {
  /** Newest first. */
  list(): MicrosoftRecord[];
  find(id: string): MicrosoftRecord | undefined;
  /** Those of the machine that are Pending or InProgress. */
  active(machineId: string): MicrosoftRecord[];
  isolation(machineId: string): Isolation;
  order(order: ActionOrder): MicrosoftRecord;
  /** Undefined when it has ended. */
  cancel(id: string, by: string, comment: string): MicrosoftRecord | undefined;
}

export interface ActionBookOptions {
  readonly clock: () => Date;
  readonly delays: ActionDelays;
  readonly power: Power;
  readonly nameOf: (machineId: string) => string | null;
  readonly recorded: readonly MicrosoftRecord[];
  readonly earlier: readonly StoredAction[];
  readonly keep: (action: ActionLine['action']) => void;
}

export function createActionBook(options: ActionBookOptions): ActionBook {
  const { clock, delays, power, nameOf } = options;
  const actions = new Map<string, StoredAction>(options.recorded.map(storedOf).map((action) => [action.id, action]));
  for (const action of options.earlier) actions.set(action.id, action);

  const ofMachine = (machineId: string) => [...actions.values()].filter((action) => action.machineId === machineId);
  const now = () => clock().getTime();

  function lives(machineId: string): ReadonlyMap<string, ActionLife> {
    return livesOf(ofMachine(machineId).filter(isLiving), power, delays);
  }

  function draw(action: StoredAction): MicrosoftRecord {
    const life = lives(action.machineId).get(action.id) ?? untold;
    return actionRecord(action, life, nameOf(action.machineId), now());
  }

  function isolation(machineId: string): Isolation {
    const known = lives(machineId);
    const done = ofMachine(machineId)
      .filter(({ type }) => type === 'Isolate' || type === 'Unisolate')
      .map((action) => ({ action, endsAt: endOf(action, known.get(action.id), now()) }))
      .filter(({ endsAt }) => endsAt !== null)
      .sort((a, b) => (a.endsAt ?? 0) - (b.endsAt ?? 0));
    const last = done.at(-1)?.action;
    if (last?.type !== 'Isolate') return 'not_isolated';
    return last.scope === 'Selective' ? 'selectively_isolated' : 'isolated';
  }

  function keep(action: StoredAction): MicrosoftRecord {
    actions.set(action.id, action);
    options.keep(action);
    return draw(action);
  }

  return {
    list: () => [...actions.values()].map(draw).sort(newestFirst),
    find: (id) => {
      const action = actions.get(id);
      return action && draw(action);
    },
    active: (machineId) => ofMachine(machineId).map(draw).filter(isActive),
    isolation,
    order: (order) =>
      keep({
        requestSource: 'PublicApi',
        fate: 'succeeds',
        errorHResult: -2147024894,
        ...order,
        id: randomUUID(),
        createdAt: clock().toISOString(),
        cancellation: null,
      }),
    cancel: (id, by, comment) => {
      const action = actions.get(id);
      if (!action || !isActive(draw(action))) return undefined;
      return keep({ ...action, cancellation: { by, comment, at: clock().toISOString() } });
    },
  };
}

const untold: ActionLife = { pickedUpAt: Infinity, endsAt: Infinity, ends: 'TimeOut' };
const isLiving = (action: StoredAction) => action.recorded === undefined;
export const isActive = ({ status }: MicrosoftRecord) => status === 'Pending' || status === 'InProgress';
const newestFirst = (a: MicrosoftRecord, b: MicrosoftRecord) =>
  String(b['creationDateTimeUtc']).localeCompare(String(a['creationDateTimeUtc']));

/** When the action succeeded (ms); null when it has not, or not yet. */
function endOf(action: StoredAction, life: ActionLife | undefined, now: number): number | null {
  const { recorded } = action;
  if (!recorded)
    return life && statusAt(life, now) === ('Succeeded' satisfies ActionStatus) ? Math.ceil(life.endsAt) : null;
  if (recorded['status'] !== 'Succeeded') return null;
  const ended = Date.parse(String(recorded['lastUpdateDateTimeUtc'] ?? recorded['lastUpdateTimeUtc']));
  return Number.isNaN(ended) ? 0 : ended;
}

/** A record of a folder stays as it is, unless somebody cancels it. */
function storedOf(recorded: MicrosoftRecord, index: number): StoredAction {
  const text = (member: string, otherwise = '') =>
    typeof recorded[member] === 'string' ? recorded[member] : otherwise;
  return {
    id: text('id', `#${index}`),
    machineId: text('machineId'),
    type: text('type'),
    scope: text('scope') || null,
    requestor: text('requestor'),
    comment: text('requestorComment'),
    requestSource: 'Portal',
    createdAt: new Date(Date.parse(text('creationDateTimeUtc')) || 0).toISOString(),
    fate: 'stuck',
    errorHResult: 0,
    cancellation: null,
    recorded,
  };
}
