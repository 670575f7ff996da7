import { microsoftTime } from '../../../microsoft/timestamps.js';
import type { Visit } from '../call.js';
import type { Estate } from '../estate/estate.js';
import type { ExposureChange } from '../estate/exposure-book.js';
import { asExport } from '../estate/exposure-shapes.js';
import type { Route } from '../gate.js';
import { ODataError } from '../odata.js';
import { linkTo, listReply } from '../paging.js';
import type { Reply } from '../reply.js';
import type { MicrosoftRecord } from '../tenants.js';
import { linkHost, numberOf, orBadRequest } from './lists.js';

const maxPage = 200_000;
const backMs = 14 * 86_400_000;
const context = (type: string) =>
  `https://${linkHost}/api/$metadata#Collection(microsoft.windowsDefenderATP.api.${type})`;

/** The export of all vulnerabilities by machine, and its delta. `pageSize` is that of clients which name none. */
export function exportRoutes(estateOf: (tenant: string) => Estate, pageSize: number): readonly Route[] {
  const roles = ['Vulnerability.Read.All'];
  return [
    {
      method: 'GET',
      path: /^\/api\/machines\/SoftwareVulnerabilitiesByMachine$/i,
      roles,
      isExport: true,
      answer: (visit) =>
        orBadRequest(() => {
          const { exposures } = estateOf(visit.tenant);
          const take = (from: number, count: number) => exposures.page(from, count);
          return answerExport(visit, context('AssetVulnerability'), pageSize, take);
        }),
    },
    {
      method: 'GET',
      path: /^\/api\/machines\/SoftwareVulnerabilityChangesByMachine$/i,
      roles,
      isExport: true,
      answer: (visit) =>
        orBadRequest(() => {
          const since = sinceOf(visit);
          const changes = estateOf(visit.tenant).exposures;
          const take = (from: number, count: number) =>
            slice(changes.changesSince(since), from, count).map(changeRecord);
          return answerExport(visit, context('DeltaAssetVulnerability'), pageSize, take);
        }),
    },
  ];
}

/** Names of parameters are written in several ways in the documentation. */
function parameter(query: URLSearchParams, name: string): string | null {
  return [...query].find(([key]) => key.toLowerCase() === name)?.[1] ?? null;
}

function sinceOf({ query, now }: Visit): number {
  const text = parameter(query, 'sincetime');
  if (text === null) throw new ODataError("The parameter 'sinceTime' is missing.");
  const full = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text;
  if (microsoftTime(full) === null) throw new ODataError(`The parameter 'sinceTime' is not a date: '${text}'.`);
  const since = Date.parse(full);
  if (since < now.getTime() - backMs) throw new ODataError("The parameter 'sinceTime' is more than 14 days back.");
  return since;
}

type Take = (from: number, count: number) => readonly MicrosoftRecord[];

/** pageSize moves on with a $skiptoken; with $top there is one page and no link. */
function answerExport(visit: Visit, contextText: string, otherwise: number, take: Take): Reply {
  const top = numberOf(visit.query, '$top');
  const asked = Number(parameter(visit.query, 'pagesize') ?? otherwise);
  if (!Number.isInteger(asked) || asked < 1 || asked > maxPage)
    throw new ODataError(`The parameter 'pageSize' must be between 1 and ${maxPage}.`);
  const size = Math.min(top ?? asked, maxPage);
  const from = fromToken(visit.query.get('$skiptoken'));
  const rows = take(from, size + 1);
  const next = rows.length > size ? { $skiptoken: tokenOf(from + size) } : undefined;
  return listReply(visit, {
    context: contextText,
    link: top === null ? linkTo(visit, linkHost, next) : undefined,
    rows: rows.slice(0, size).map(asExport),
    broken: { id: 'broken', deviceId: 7, cveId: null },
  });
}

const tokenOf = (from: number) => Buffer.from(JSON.stringify({ from })).toString('base64url');

function fromToken(token: string | null): number {
  if (token === null || token === '') return 0;
  const found = /^\{"from":(\d+)\}$/.exec(Buffer.from(token, 'base64url').toString('utf8'))?.[1];
  if (found === undefined) throw new ODataError('The $skiptoken is not valid.');
  return Number(found);
}

function slice<T>(from: Iterable<T>, start: number, count: number): T[] {
  const taken: T[] = [];
  let index = 0;
  for (const one of from) {
    if (index++ < start) continue;
    if (taken.length === count) break;
    taken.push(one);
  }
  return taken;
}

const changeRecord = ({ status, at, record }: ExposureChange): MicrosoftRecord => ({
  ...record,
  status,
  eventTimestamp: new Date(at).toISOString().replace('T', ' ').replace('Z', '0000'),
});
