import type { Actor } from '../../../domain/access/actor.js';
import type { ActionPolicy } from '../../../domain/actions/policy.js';
import type { AlertListPage } from '../../../domain/alerts/alert-list.js';
import type { DeviceChoice } from '../../../domain/devices/device.js';
import type { IncidentListPage } from '../../../domain/incidents/incident-list.js';
import type { Services } from '../../../domain/services.js';
import { actionForm, actionView, deviceId, deviceView, policyView, postureView } from '../../cards/action-views.js';
import { syncView } from '../../cards/sync-views.js';
import { alertView, ann, bo, incidentView } from '../../cards/views.js';

export const TENANT = '00000000-0000-4000-8000-00000000000c';
export const ENTRA = 'a59fc703-72db-43e0-8a21-0494303b7220';
export const PERSON = '11111111-2222-4333-8444-555555555555';

export const actor: Actor = {
  userId: ann.userId,
  tenantId: TENANT,
  role: 'security_analyst',
  displayName: 'Ann Ek',
  entraTenantId: ENTRA,
  aadObjectId: PERSON,
};

type Answer = (...args: unknown[]) => unknown;

export interface Recorded {
  readonly services: Services;
  /** "alerts.take" and its arguments, in the order of the calls. */
  readonly calls: { readonly name: string; readonly args: readonly unknown[] }[];
  /** What a test wants a method to answer or throw. */
  readonly answers: Map<string, Answer>;
  named(name: string): readonly unknown[][];
}

const alerts: AlertListPage = { tenantId: TENANT, tenantName: 'Contoso', items: [], total: 0, nextCursor: null };
const incidents: IncidentListPage = { ...alerts, items: [] };
const alert = (changes: Parameters<typeof alertView>[0] = {}) => ({ view: alertView(changes), repeated: false });
const incident = () => ({ view: incidentView(), repeated: false });

/** What an act on an entity of the noun answers when a test says nothing else. */
const changed: Readonly<Record<string, Answer>> = {
  alerts: () => alert(),
  incidents: () => incident(),
  actions: () => ({ view: actionView(), repeated: false }),
  policy: () => ({ view: policyView(), repeated: false }),
};

export const currentPolicy: ActionPolicy = {
  approval: { isolate: true, release: false, scan: false },
  peers: false,
  dryRun: true,
  breakGlass: [bo.userId],
  queueHours: 24,
  writeBack: false,
};

export function choice(changes: Partial<DeviceChoice> = {}): DeviceChoice {
  const nothing = { operatingSystem: null, primaryUser: null, lastSeenAt: null };
  return { id: deviceId, name: 'con-lap-0117', ...nothing, ...changes };
}

const nouns = ['access', 'alerts', 'incidents', 'channels', 'devices', 'actions', 'policy', 'posture', 'syncs'];

const usual: Readonly<Record<string, Answer>> = {
  'access.resolveActor': () => actor,
  'access.memberships': () => [{ tenantId: TENANT, tenantName: 'Contoso', role: 'security_analyst' }],
  'access.assignees': () => [
    { ...ann, aadObjectId: PERSON },
    { ...bo, aadObjectId: '99999999-2222-4333-8444-555555555555' },
  ],
  'alerts.view': () => alertView(),
  'alerts.findByNumber': () => alertView(),
  'alerts.take': () => alert({ status: 'assigned', assignedTo: ann.userId, version: 2 }),
  'alerts.queue': () => alerts,
  'alerts.mine': () => alerts,
  'incidents.view': () => incidentView(),
  'incidents.findByNumber': () => incidentView(),
  'incidents.linkable': () => [],
  'incidents.list': () => incidents,
  'access.requesters': () => [
    { ...ann, aadObjectId: PERSON },
    { ...bo, aadObjectId: '99999999-2222-4333-8444-555555555555' },
  ],
  'devices.view': () => deviceView(),
  'devices.search': () => [choice()],
  'actions.form': () => actionForm(),
  'actions.view': () => actionView(),
  'actions.findByNumber': () => actionView(),
  'actions.waiting': () => [],
  'policy.view': () => policyView(),
  'policy.waiting': () => [],
  'policy.current': () => currentPolicy,
  'posture.read': () => postureView(),
  'syncs.status': () => syncView(),
  'syncs.start': () => ({ view: syncView(), outcomes: [{ source: 'devices', outcome: 'begins' }] }),
  'channels.remember': () => undefined,
  'channels.lose': () => undefined,
  'channels.loseTeam': () => undefined,
  'channels.reviveTeam': () => undefined,
  'channels.link': () => 'Alerts of Contoso are posted here now.',
  'channels.unlink': () => 'Nothing is posted here any more.',
  'channels.noticeCard': () => undefined,
};

/** The protocol tests ask what reaches the domain, not what it does with it. */
export function recordServices(): Recorded {
  const calls: Recorded['calls'] = [];
  const answers: Recorded['answers'] = new Map();
  const part = (noun: string) =>
    new Proxy(
      {},
      {
        get:
          (_, method) =>
          async (...args: unknown[]) => {
            const name = `${noun}.${String(method)}`;
            calls.push({ name, args });
            return (answers.get(name) ?? usual[name] ?? changed[noun])?.(...args);
          },
      },
    );
  const services = Object.fromEntries(nouns.map((noun) => [noun, part(noun)]));
  const named = (name: string) => calls.filter((call) => call.name === name).map((call) => [...call.args]);
  return { services: services as unknown as Services, calls, answers, named };
}
