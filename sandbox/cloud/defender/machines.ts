import type { Visit } from '../call.js';
import type { Estate } from '../estate/estate.js';
import { isExposure } from '../estate/exposure-shapes.js';
import type { Route } from '../gate.js';
import type { Properties } from '../odata-filter.js';
import { emptyReply, json } from '../reply.js';
import type { Reply } from '../reply.js';
import type { MicrosoftRecord } from '../tenants.js';
import { answerList, linkHost, orBadRequest, sourceOf } from './lists.js';
import type { DefenderList } from './lists.js';
import { vulnerabilityProperties } from './vulnerabilities.js';

const machineProperties: Properties = new Map([
  ['computerDnsName', 'text'],
  ['id', 'text'],
  ['version', 'text'],
  ['deviceValue', 'text'],
  ['aadDeviceId', 'guid'],
  ['lastSeen', 'time'],
  ['exposureLevel', 'text'],
  ['onboardingStatus', 'text'],
  ['lastIpAddress', 'text'],
  ['healthStatus', 'text'],
  ['osPlatform', 'text'],
  ['riskScore', 'text'],
  ['rbacGroupId', 'number'],
]);

const machineRoles = ['Machine.Read.All', 'Machine.ReadWrite.All'];

export function machineRoutes(estateOf: (tenant: string) => Estate, pageSize: number): readonly Route[] {
  const list: DefenderList = { name: 'Machines', maxPage: pageSize, filterable: machineProperties };
  return [
    {
      method: 'GET',
      path: /^\/api\/machines$/,
      roles: machineRoles,
      answer: (visit) => orBadRequest(() => answerList(visit, list, estateOf(visit.tenant).machines)),
    },
    {
      method: 'GET',
      path: /^\/api\/machines\/(?!SoftwareVulnerab)([^/]+)$/,
      roles: machineRoles,
      answer: (visit, id = '') => machine(estateOf(visit.tenant), id),
    },
    {
      method: 'GET',
      path: /^\/api\/machines\/([^/]+)\/vulnerabilities$/,
      roles: ['Vulnerability.Read.All'],
      answer: (visit, id = '') => orBadRequest(() => machineVulnerabilities(visit, estateOf(visit.tenant), id)),
    },
  ];
}

/** By id or DNS name; unknown ones have an empty answer (seen in real data). */
function machine(estate: Estate, id: string): Reply {
  const found = estate.machines.find(id) ?? byName(estate, id);
  return found
    ? json(200, { '@odata.context': `https://${linkHost}/api/$metadata#Machines/$entity`, ...found })
    : emptyReply(404);
}

function byName(estate: Estate, name: string): MicrosoftRecord | undefined {
  for (const record of estate.machines.all()) if (record['computerDnsName'] === name) return record;
  return undefined;
}

/** CVEs without products, all on one page. */
function machineVulnerabilities(visit: Visit, estate: Estate, id: string): Reply {
  if (!estate.machines.find(id)) return emptyReply(404);
  const ids = new Set<string>();
  for (const record of estate.exposures.all())
    if (isExposure(record) && record['deviceId'] === id) ids.add(String(record['cveId']));
  const records = [...ids].map((cveId) => estate.vulnerabilities.find(cveId) ?? { id: cveId, name: cveId });
  const list = { name: 'Vulnerabilities', maxPage: 8000, filterable: vulnerabilityProperties, countsPage: true };
  return answerList(visit, list, sourceOf(records));
}
