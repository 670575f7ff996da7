import type { Visit } from '../call.js';
import type { Policy, Setting } from '../estate/compliance.js';
import type { Estate } from '../estate/estate.js';
import type { Route, Service } from '../gate.js';
import { graphManners } from '../graph-manners.js';
import { orBadRequest, unknownSegment } from '../graph-service.js';
import type { RateLimit } from '../rate-limit.js';
import { json } from '../reply.js';
import type { Reply } from '../reply.js';
import type { MicrosoftRecord } from '../tenants.js';
import { deviceStatus, policyState, settingState, settingSummary } from './compliance-records.js';
import { context, notFound, page, whole } from './lists.js';

const root = '/v1.0/deviceManagement';
const deviceRoles = ['DeviceManagementManagedDevices.Read.All', 'DeviceManagementManagedDevices.ReadWrite.All'];
const policyRoles = ['DeviceManagementConfiguration.Read.All', 'DeviceManagementConfiguration.ReadWrite.All'];

type Draw = (estate: Estate, visit: Visit, id: string) => Reply;

/** Intune on Graph: managed devices and compliance. */
export function createIntuneService(estateOf: (tenant: string) => Estate, limit: RateLimit, pageSize = 1000): Service {
  const get = (path: string, roles: readonly string[], draw: Draw): Route => ({
    method: 'GET',
    path: new RegExp(`^${root}/${path}$`),
    roles,
    answer: (visit, id = '') => orBadRequest(() => draw(estateOf(visit.tenant), visit, id)),
  });
  const routes = [
    get('managedDevices', deviceRoles, (estate, visit) => devices(estate, visit, pageSize)),
    get('managedDevices/([^/]+)', deviceRoles, oneDevice),
    get('managedDevices/([^/]+)/deviceCompliancePolicyStates', deviceRoles, policyStates),
    get('deviceCompliancePolicies', policyRoles, policies),
    get('deviceCompliancePolicies/([^/]+)/deviceStatuses', policyRoles, (estate, visit, id) =>
      deviceStatuses(estate, visit, id, pageSize),
    ),
    get('deviceCompliancePolicySettingStateSummaries', policyRoles, summaries),
    get(
      'deviceCompliancePolicySettingStateSummaries/([^/]+)/deviceComplianceSettingStates',
      policyRoles,
      (estate, visit, id) => settingStates(estate, visit, id, pageSize),
    ),
  ];
  return { manners: graphManners('intune'), routes, limit, unknown: unknownSegment };
}

/** $filter is left alone: Intune ignores what it does not support and returns everything (reference 1.5). */
function devices(estate: Estate, visit: Visit, pageSize: number): Reply {
  const draw = (records: readonly MicrosoftRecord[]) => records.map((record) => selected(record, visit.query));
  return page(visit, 'managedDevices', pageSize, (from, count) => {
    const rows = estate.managedDevices.page(from, count + 1);
    return { rows: draw(rows.slice(0, count)), hasMore: rows.length > count };
  });
}

function selected(record: MicrosoftRecord, query: URLSearchParams): MicrosoftRecord {
  const names = query.get('$select')?.split(',');
  if (!names) return record;
  return Object.fromEntries(Object.entries(record).filter(([name]) => name === 'id' || names.includes(name)));
}

function oneDevice(estate: Estate, visit: Visit, id: string): Reply {
  const device = estate.managedDevices.find(id);
  if (!device) return notFound(id);
  return json(200, { '@odata.context': `${context}/managedDevices/$entity`, ...selected(device, visit.query) });
}

function policyStates({ managedDevices, compliance }: Estate, visit: Visit, id: string): Reply {
  const device = managedDevices.find(id);
  if (!device) return notFound(id);
  const states = compliance.policies
    .filter((policy) => policy.appliesTo(device))
    .map((policy) => policyState(compliance, policy, device));
  return whole(visit, `managedDevices('${id}')/deviceCompliancePolicyStates`, states);
}

const policies: Draw = ({ compliance }, visit) =>
  whole(
    visit,
    'deviceCompliancePolicies',
    compliance.policies.map(({ record }) => record),
  );

function deviceStatuses({ managedDevices, compliance }: Estate, visit: Visit, id: string, pageSize: number): Reply {
  const policy = compliance.policies.find((one) => one.id === id);
  if (!policy) return notFound(id);
  return byDevice(
    visit,
    `deviceCompliancePolicies('${id}')/deviceStatuses`,
    pageSize,
    managedDevices,
    policy,
    (device) => deviceStatus(compliance, policy, device),
  );
}

const settingsOf = ({ compliance }: Estate) =>
  compliance.policies.flatMap((policy) => policy.settings.map((setting) => ({ policy, setting })));

const summaries: Draw = (estate, visit) =>
  whole(
    visit,
    'deviceCompliancePolicySettingStateSummaries',
    settingsOf(estate).map(({ policy, setting }) => settingSummary(estate, policy, setting)),
  );

function settingStates(estate: Estate, visit: Visit, id: string, pageSize: number): Reply {
  const found: { policy: Policy; setting: Setting } | undefined = settingsOf(estate).find(
    ({ setting }) => setting.id === id,
  );
  if (!found) return notFound(id);
  const name = `deviceCompliancePolicySettingStateSummaries('${id}')/deviceComplianceSettingStates`;
  return byDevice(visit, name, pageSize, estate.managedDevices, found.policy, (device) =>
    settingState(estate.compliance, found.setting, device),
  );
}

/** Pages are cut from all devices, so that one may hold fewer rows than asked for, or none, and still have a next one. */
function byDevice(
  visit: Visit,
  name: string,
  pageSize: number,
  shelf: Estate['managedDevices'],
  policy: Policy,
  draw: (device: MicrosoftRecord) => MicrosoftRecord,
): Reply {
  return page(visit, name, pageSize, (from, count) => ({
    rows: shelf
      .page(from, count)
      .filter((device) => policy.appliesTo(device))
      .map(draw),
    hasMore: shelf.size > from + count,
  }));
}
