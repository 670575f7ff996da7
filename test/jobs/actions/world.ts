import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import type { EdrActionsRow } from '../../../database/rows.js';
import type { Actor } from '../../../domain/access/actor.js';
import { createActionService } from '../../../domain/actions/action-service.js';
import type { DeviceActionKind } from '../../../domain/actions/action.js';
import type { ActionCause } from '../../../domain/services.js';
import type { ActionContext } from '../../../jobs/actions/context.js';
import type { TaskRun } from '../../../jobs/queue/tasks.js';
import { deviceActionTask } from '../../../jobs/tasks/device-action.js';
import { actorIn, click, linkedChannel, moveClock } from '../../helpers/builders.js';
import { insertTenant } from '../../helpers/database.js';
import type { TestDatabase } from '../../helpers/database.js';
import { createDefender } from './defender.js';
import type { Defender } from './defender.js';

/** How far the clock of the installation was moved, in minutes, by database. */
const moved = new Map<TestDatabase, number>();

export function clockOf(base: TestDatabase): Date {
  return new Date(Date.now() + (moved.get(base) ?? 0) * 60_000);
}

export async function pass(base: TestDatabase, minutes: number): Promise<void> {
  moved.set(base, (moved.get(base) ?? 0) + minutes);
  await moveClock(base.admin, `${minutes} minutes`);
}

/** Closed until somebody opens it. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

export interface Given {
  readonly operatingSystem?: string | null;
  readonly actions?: Readonly<Record<string, unknown>>;
  readonly context?: Partial<ActionContext>;
  readonly entraTenantId?: string;
  /** Defender's id of the device; a new one when not given. */
  readonly machineId?: string;
}

/** A tenant that acts for real, with a device, an analyst who asks and two managers who may approve. */
export async function actionWorld(base: TestDatabase, given: Given = {}) {
  const { admin, db } = base;
  const { tenantId, entraTenantId } = await insertTenant(admin, {
    ...(given.entraTenantId !== undefined && { entraTenantId: given.entraTenantId }),
  });
  const settings = { actions: { dryRun: false, ...given.actions } };
  await admin('tenants')
    .where({ id: tenantId })
    .update({ settings: JSON.stringify(settings) });
  const ana = await actorIn(admin, tenantId, 'security_analyst', 'Ana');
  const maya = await actorIn(admin, tenantId, 'tenant_admin', 'Maya');
  const mona = await actorIn(admin, tenantId, 'tenant_admin', 'Mona');
  const channel = await linkedChannel(admin, tenantId, ana.userId);
  await admin('conversations').where({ conversation_id: channel }).update({ entra_tenant_id: entraTenantId });
  const machineId = given.machineId ?? randomUUID().replaceAll('-', '');
  const deviceId = randomUUID();
  await admin('edr_devices').insert({
    tenant_id: tenantId,
    id: deviceId,
    microsoft_device_id: machineId,
    device_name: 'pc-7',
    operating_system: given.operatingSystem === undefined ? 'Windows11' : given.operatingSystem,
    onboarding_status: 'Onboarded',
  });
  const defender = createDefender(() => clockOf(base));
  const context: ActionContext = {
    db,
    deviceActions: defender,
    alertUpdates: null,
    forceDryRun: false,
    log: pino({ level: 'silent' }),
    ...given.context,
  };
  const service = createActionService(db, { forceDryRun: context.forceDryRun, canAct: true });
  const ask = async (
    kind: DeviceActionKind,
    more: Partial<{ reason: string; actor: Actor; cause: ActionCause }> = {},
  ) => {
    const { reason = 'Beacon to a known bad host', actor = ana } = more;
    const cause: ActionCause = more.cause ?? { entity: 'device', entityId: deviceId };
    const { view } = await service.request(click(actor, deviceId), { kind, cause, parameter: null, reason });
    return view.action.id;
  };
  const approve = (id: string, by: Actor = maya) => service.approve(click(by, id));
  const waits: number[] = [];
  const row = async (id: string): Promise<EdrActionsRow> => {
    const found: unknown = await admin('edr_actions').where({ tenant_id: tenantId, id }).first();
    return found as EdrActionsRow;
  };
  /** One job, without the lock that keeps others out: the rows alone must hold. Resolves to ms until the next, or null. */
  const run = (id: string, signal?: AbortSignal) => runStep(context, tenantId, id, signal);
  return {
    ...{ tenantId, entraTenantId, ana, maya, mona, channel, machineId, deviceId, defender, context, service, waits },
    ...{ ask, approve, row, run },
    /** Asked for and approved, but not yet sent. */
    approved: async (kind: DeviceActionKind = 'isolate') => {
      const id = await ask(kind);
      if ((await row(id)).status === 'requested') await approve(id);
      return id;
    },
    states: (id: string) =>
      admin('audit_log')
        .where({ tenant_id: tenantId, entity_id: id, actor_kind: 'job' })
        .orderBy('id')
        .pluck<string[]>('action'),
    isolation: async () => {
      const [state] = await admin('edr_devices').where({ id: deviceId }).pluck<(string | null)[]>('isolation_state');
      return state ?? null;
    },
    notices: async () => {
      const notices = admin('outbox').where({ tenant_id: tenantId, kind: 'notice' }).orderBy('id');
      return (await notices.pluck<{ text: string }[]>('payload')).map(({ text }) => text);
    },
  };
}

export type ActionWorld = Awaited<ReturnType<typeof actionWorld>>;
export type { Defender };

/** Runs the task once; resolves to the milliseconds after which it wants to run again, null for never. */
export async function runStep(
  context: ActionContext,
  tenantId: string,
  actionId: string,
  signal: AbortSignal = new AbortController().signal,
  alone: TaskRun['alone'] = async (_what, work) => ({ result: await work() }),
): Promise<number | null> {
  let wait: number | null = null;
  const run: TaskRun = {
    signal,
    alone,
    addLater: (_name, _payload, { inMs }) => {
      wait = inMs;
      return Promise.resolve();
    },
    addForTenants: () => Promise.resolve(),
  };
  await deviceActionTask(context)({ tenantId, actionId }, run);
  return wait;
}
