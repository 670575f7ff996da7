import assert from 'node:assert/strict';
import { createDefenderVulnerabilities } from '../../microsoft/defender-vulnerabilities.js';
import type { DefenderVulnerabilityOptions } from '../../microsoft/defender-vulnerabilities.js';
import { createPace } from '../../microsoft/pace.js';
import { exportTime } from '../../microsoft/timestamps.js';
import { faultOf, sharedJson } from './harness.js';
import { connection, itemsOf, never, openPretend, otherConnection, pagesOf, slice } from './pretend.js';
import type { Pretend } from './pretend.js';

const byMachine = '/api/machines/SoftwareVulnerabilitiesByMachine';
const row = (more: object = {}) => ({
  id: 'row-1',
  deviceId: 'm1',
  cveId: 'CVE-2020-26971',
  softwareVendor: 'mozilla',
  softwareName: 'firefox',
  softwareVersion: '83.0.0.0',
  ...more,
});

describe('vulnerabilities of Defender', () => {
  let pretend: Pretend;
  beforeEach(async () => (pretend = await openPretend()));
  afterEach(() => pretend.close());

  const source = (more: Partial<DefenderVulnerabilityOptions> = {}) =>
    createDefenderVulnerabilities({ ...pretend.options(), ...more });
  const exposures = (more?: Partial<DefenderVulnerabilityOptions>) => source(more).exposures(connection, never());
  const changes = (since = '2021-05-19T18:35:49.924Z') => source().changes(connection, since, never());
  const cves = (more?: Partial<DefenderVulnerabilityOptions>) => source(more).cves(connection, never());
  const page = (...rows: unknown[]) => (pretend.answer = () => ({ json: { value: rows } }));
  const oneCve = async (record: object) => {
    page({ id: 'CVE-1', ...record });
    return (await itemsOf(cves()))[0];
  };

  it('are exported page by page along the links of the older host, without $top', async () => {
    pretend.answer = ({ query }) =>
      query.has('$skiptoken')
        ? { json: { value: [row({ deviceId: 'm2' })] } }
        : {
            json: {
              value: [row()],
              '@odata.nextLink': `https://api.securitycenter.microsoft.com${byMachine}?pagesize=10000&$skiptoken=eyJ9==`,
            },
          };
    const read = await itemsOf(exposures());
    assert.deepEqual(
      read.map(({ microsoftDeviceId }) => microsoftDeviceId),
      ['m1', 'm2'],
    );
    assert.deepEqual(
      pretend.asked.map(({ host, path, query }) => [host, path, query.toString()]),
      [
        ['api.security.microsoft.com', byMachine, 'pageSize=10000'],
        ['api.securitycenter.microsoft.com', byMachine, 'pagesize=10000&%24skiptoken=eyJ9%3D%3D'],
      ],
    );
  });

  it('name vendor, product and version, and keep words never seen', async () => {
    const [read] = await (page(
      row({ vulnerabilitySeverityLevel: 'Ghastly', exploitabilityLevel: 'ExploitIsInKit', firstSeenTimestamp: null }),
    ),
    itemsOf(exposures()));
    assert.deepEqual(read, {
      microsoftDeviceId: 'm1',
      cveId: 'CVE-2020-26971',
      product: 'mozilla/firefox/83.0.0.0',
      severity: 'Ghastly',
      exploitability: 'ExploitIsInKit',
      firstSeenAt: null,
    });
  });

  it('have products with a part missing', async () => {
    page(row({ softwareVersion: null, softwareVendor: 7 }));
    assert.equal((await itemsOf(exposures()))[0]?.product, '/firefox/');
  });

  it('take ids that are no CVE, and name records without an id of machine or CVE', async () => {
    page(
      row({ cveId: 'TVM-2020-0002' }),
      row({ deviceId: null }),
      row({ id: null, cveId: '' }),
      row({ cveId: 'x'.repeat(51) }),
    );
    const [read] = await pagesOf(exposures());
    assert.deepEqual(
      read?.items.map(({ cveId }) => cveId),
      ['TVM-2020-0002'],
    );
    assert.deepEqual(read?.malformed, [
      { which: 'row-1', why: 'deviceId: is missing' },
      { which: 'record 3 of page 1', why: 'cveId: is blank' },
      { which: 'row-1', why: 'cveId: is longer than 50 characters' },
    ]);
  });

  it('read times of exports as UTC, to all their digits, and none of year 1 or 9999', () => {
    assert.equal(exportTime('2020-05-06 12:42:19'), '2020-05-06T12:42:19Z');
    assert.equal(exportTime('2020-11-03 10:13:34.8476880'), '2020-11-03T10:13:34.8476880Z');
    assert.equal(exportTime('2020-11-03T10:13:34Z'), '2020-11-03T10:13:34Z');
    for (const none of ['0001-01-01 00:00:00', '9999-12-31 23:59:59', '2020-13-03 10:13:34', 'soon', '', null, 5])
      assert.equal(exportTime(none), null, String(none));
  });

  it('are asked for what changed since a time, and nothing but a time', async () => {
    page();
    await itemsOf(changes('2021-05-19T18:35:49.924+02:00'));
    const [asked] = pretend.asked;
    assert.equal(asked?.path, '/api/machines/SoftwareVulnerabilityChangesByMachine');
    assert.equal(asked?.query.get('sinceTime'), '2021-05-19T18:35:49.924+02:00');
    assert.equal(asked?.query.get('pageSize'), '10000');
    assert.throws(() => changes('1&$filter=x'), RangeError);
  });

  it('are fixed or present', async () => {
    page(...['Fixed', 'fixed', 'New', 'Updated', 'Haunted', null, 3].map((status) => row({ status })));
    assert.deepEqual(
      (await itemsOf(changes())).map(({ change }) => change),
      ['fixed', 'fixed', 'present', 'present', 'present', 'present', 'present'],
    );
  });

  it('go at the pace of exports: 16 pages a minute, which is less than 1000 an hour, the first of them at once', async () => {
    pretend.answer = ({ query }) => {
      const number = Number(query.get('$skiptoken'));
      const next = `https://api.security.microsoft.com${byMachine}?$skiptoken=${number + 1}`;
      return { json: { value: [row()], ...(number < 17 ? { '@odata.nextLink': next } : {}) } };
    };
    const exports = source();
    assert.equal((await itemsOf(exports.exposures(connection, never()))).length, 18);
    assert.equal(pretend.pauses.length, 2);
    await itemsOf(exports.exposures(otherConnection, never()));
    assert.equal(pretend.pauses.length, 4, 'another tenant has a pace of its own');
    page();
    await itemsOf(exports.changes(connection, '2021-05-19T18:35:49Z', never()));
    assert.equal(pretend.pauses.length, 5, 'the delta goes at the pace of its tenant');
    assert.ok(pretend.pauses.every((ms) => ms > 30_000 && ms <= 60_000));
  });

  it('pause until the oldest of the last requests is a minute old', async () => {
    let now = 0;
    const pace = createPace(
      2,
      async (ms) => {
        now += ms;
      },
      () => now,
    );
    const leftAt: number[] = [];
    for (const after of [0, 10_000, 0, 0, 200_000, 0, 0]) {
      now += after;
      await pace(never());
      leftAt.push(now);
    }
    assert.deepEqual(leftAt, [0, 10_000, 60_000, 70_000, 270_000, 270_000, 330_000]);
  });

  it('come with their CVEs by $skip, or by links where there are any', async () => {
    const all = Array.from({ length: 45 }, (_, index) => ({ id: `CVE-2020-${index}` }));
    pretend.answer = (asked) => slice(all, asked);
    assert.equal((await itemsOf(cves({ cvePageSize: 20 }))).length, 45);
    pretend.answer = ({ query }) => {
      const from = Number(query.get('$skip'));
      const next = {
        '@odata.nextLink': `https://api.securitycenter.microsoft.com/api/vulnerabilities?$skip=${from + 20}`,
      };
      return { json: { '@odata.count': 20, value: all.slice(from, from + 20), ...(from < 40 ? next : {}) } };
    };
    assert.equal((await itemsOf(cves({ cvePageSize: 20 }))).length, 45);
  });

  it('say in the words of the exports how a CVE is exploited', async () => {
    const word = async (record: object) => (await oneCve(record))?.exploitability;
    assert.equal(await word({ exploitInKit: true, exploitVerified: true, publicExploit: true }), 'ExploitIsInKit');
    assert.equal(await word({ exploitInKit: false, exploitVerified: true, publicExploit: true }), 'ExploitIsVerified');
    assert.equal(await word({ publicExploit: true }), 'ExploitIsPublic');
    assert.equal(await word({ publicExploit: false }), 'NoExploit');
    assert.equal(await word({ publicExploit: 'no' }), null);
  });

  it('have a CVSS of 0 to 10 or none, and descriptions of at most 4000 characters', async () => {
    const cvss = async (cvssV3: unknown) => (await oneCve({ cvssV3 }))?.cvss;
    assert.deepEqual([await cvss(9.8), await cvss(0), await cvss(10)], [9.8, 0, 10]);
    for (const none of [11, -1, '7.5', null, undefined]) assert.equal(await cvss(none), null);
    assert.equal((await oneCve({ description: 'x'.repeat(9_000) }))?.description?.length, 4_000);
    assert.equal((await oneCve({ description: '' }))?.description, null);
  });

  it('name the permission that is missing, and tell a missing licence apart', async () => {
    const refused = (message: string) => () => ({ status: 403, json: { error: { code: 'Forbidden', message } } });
    pretend.answer = refused('The application does not have any of the required application permissions');
    const missing = faultOf('on_hold', /Vulnerability\.Read\.All of WindowsDefenderATP/);
    await assert.rejects(itemsOf(exposures()), missing);
    await assert.rejects(itemsOf(changes()), missing);
    await assert.rejects(itemsOf(cves()), missing);
    pretend.answer = refused('Tenant has no valid license for this feature');
    await assert.rejects(itemsOf(exposures()), faultOf('not_licensed', /no licence for Defender for Endpoint/));
  });

  it('read the samples of the documentation', async function () {
    const [delta, cve] = [
      sharedJson('samples/mde-SoftwareVulnerabilityChangesByMachine.json') as { value: unknown[] } | null,
      sharedJson('samples/mde-vulnerability.json'),
    ];
    if (!delta || !cve) this.skip();
    page(...delta.value);
    const [change] = await itemsOf(changes());
    assert.deepEqual(change, {
      microsoftDeviceId: '01aa8c73065bb12345918693f3f94ce322107d24',
      cveId: 'CVE-2020-26971',
      product: 'mozilla/firefox/83.0.0.0',
      severity: 'High',
      exploitability: 'NoExploit',
      firstSeenAt: '2020-05-06T12:42:19Z',
      change: 'fixed',
      changedAt: '2020-11-03T10:13:34.8476880Z',
    });
    const { description, ...rest } = (await oneCve(cve)) ?? {};
    assert.match(description ?? '', /^A spoofing vulnerability/);
    assert.deepEqual(rest, { cveId: 'CVE-2019-0608', cvss: 4.3, severity: 'Medium', exploitability: 'NoExploit' });
  });
});
