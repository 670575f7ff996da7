import type { Estate } from '../estate/estate.js';
import { asMachineVulnerability } from '../estate/exposure-shapes.js';
import type { Route } from '../gate.js';
import type { Properties } from '../odata-filter.js';
import { json } from '../reply.js';
import type { Reply } from '../reply.js';
import type { MicrosoftRecord } from '../tenants.js';
import { answerList, linkHost, orBadRequest } from './lists.js';
import type { Source } from './lists.js';

export const vulnerabilityProperties: Properties = new Map([
  ['id', 'text'],
  ['name', 'text'],
  ['severity', 'text'],
  ['cvssV3', 'number'],
  ['publishedOn', 'time'],
  ['updatedOn', 'time'],
]);

const exposureProperties: Properties = new Map([
  ['id', 'text'],
  ['cveId', 'text'],
  ['machineId', 'text'],
  ['fixingKbId', 'text'],
  ['productName', 'text'],
  ['productVersion', 'text'],
  ['severity', 'text'],
  ['productVendor', 'text'],
]);

export function vulnerabilityRoutes(
  estateOf: (tenant: string) => Estate,
  pages: { readonly vulnerabilities: number; readonly exposures: number },
): readonly Route[] {
  const cves = {
    name: 'Vulnerabilities',
    maxPage: pages.vulnerabilities,
    filterable: vulnerabilityProperties,
    countsPage: true,
  };
  const exposures = {
    name: 'Collection(microsoft.windowsDefenderATP.api.PublicAssetVulnerabilityDto)',
    maxPage: pages.exposures,
    filterable: exposureProperties,
  };
  const roles = ['Vulnerability.Read.All'];
  return [
    {
      method: 'GET',
      path: /^\/api\/vulnerabilities$/i,
      roles,
      answer: (visit) => orBadRequest(() => answerList(visit, cves, counted(estateOf(visit.tenant)))),
    },
    {
      method: 'GET',
      path: /^\/api\/vulnerabilities\/machinesVulnerabilities$/i,
      roles,
      answer: (visit) => orBadRequest(() => answerList(visit, exposures, byMachine(estateOf(visit.tenant)))),
    },
    {
      method: 'GET',
      path: /^\/api\/exposureScore$/i,
      roles: ['Score.Read.All'],
      answer: (visit) => exposureScore(estateOf(visit.tenant), visit.now),
    },
  ];
}

/** CVEs that say 0 are given the number of machines that have them. */
function counted(estate: Estate): Source {
  const count = () => {
    const machines = new Map<unknown, Set<unknown>>();
    for (const { cveId, deviceId } of estate.exposures.all())
      machines.set(cveId, (machines.get(cveId) ?? new Set()).add(deviceId));
    return machines;
  };
  let counts: ReturnType<typeof count> | undefined;
  const draw = (record: MicrosoftRecord) => {
    if (record['exposedMachines'] !== 0) return record;
    counts ??= count();
    return { ...record, exposedMachines: counts.get(record['id'])?.size ?? 0 };
  };
  return {
    page: (from, size) => estate.vulnerabilities.page(from, size).map(draw),
    *all() {
      for (const record of estate.vulnerabilities.all()) yield draw(record);
    },
  };
}

const byMachine = (estate: Estate): Source => ({
  page: (from, size) => estate.exposures.page(from, size).map(asMachineVulnerability),
  *all() {
    for (const record of estate.exposures.all()) yield asMachineVulnerability(record);
  },
});

const weights: Readonly<Record<string, number>> = { Low: 25, Medium: 55, High: 85 };

/** One number of 0 to 100 for the whole tenant. */
function exposureScore(estate: Estate, now: Date): Reply {
  let [sum, count] = [0, 0];
  for (const { exposureLevel } of estate.machines.all()) {
    sum += weights[String(exposureLevel)] ?? 0;
    count += 1;
  }
  return json(200, {
    '@odata.context': `https://${linkHost}/api/$metadata#ExposureScore/$entity`,
    time: now.toISOString(),
    score: count === 0 ? 0 : sum / count,
  });
}
