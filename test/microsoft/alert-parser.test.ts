import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { SourceAlert } from '../../domain/alerts/alert-source.js';
import { parseAlert, parseAlerts } from '../../microsoft/alert-parser.js';
import { scenarios, createAlertGenerator } from '../../sandbox/cloud/alert-generator.js';
import { contoso, sharedJson } from './harness.js';

const parsed = (row: unknown): SourceAlert => {
  const result = parseAlert(row, 'here');
  assert.ok('microsoftAlertId' in result, JSON.stringify(result));
  return result;
};
const minimal = { id: 'da1', lastUpdateDateTime: '2026-05-01T10:00:00.1234567Z' };
const device = (members: object) => ({ '@odata.type': '#microsoft.graph.security.deviceEvidence', ...members });
const user = (userAccount: unknown) => ({ '@odata.type': '#microsoft.graph.security.userEvidence', userAccount });

describe('one alert of alerts_v2', () => {
  it('needs nothing but an id and a last update time', () => {
    const alert = parsed(minimal);
    assert.deepEqual([alert.title, alert.severity, alert.status], ['Untitled alert', 'unknown', 'unknown']);
    assert.equal(alert.lastUpdate, minimal.lastUpdateDateTime);
    assert.deepEqual([alert.device, alert.user, alert.threatName], [null, null, null]);
  });

  it('is malformed without them, and says which record and why', () => {
    const why = (row: unknown) => JSON.stringify(parseAlert(row, 'record 3 of page 1'));
    assert.match(why({ lastUpdateDateTime: minimal.lastUpdateDateTime }), /record 3 of page 1.*id/);
    assert.match(why({ id: 'da9' }), /da9.*lastUpdateDateTime/);
    assert.match(why({ ...minimal, lastUpdateDateTime: '0001-01-01T00:00:00Z' }), /not a time/);
    assert.match(why({ ...minimal, lastUpdateDateTime: 'yesterday' }), /not a time/);
    assert.match(why({ ...minimal, id: '\0' }), /readable/);
    for (const row of [null, 7, 'text', [], [minimal]]) assert.match(why(row), /record 3 of page 1/);
  });

  it('keeps words it has never seen, and drops members it does not know', () => {
    const alert = parsed({
      ...minimal,
      severity: 'catastrophic',
      status: 'awaiting',
      serviceSource: 'x',
      brandNew: { a: 1 },
    });
    assert.deepEqual([alert.severity, alert.status, alert.metadata.serviceSource], ['catastrophic', 'awaiting', 'x']);
  });

  it('survives members of the wrong type one by one', () => {
    const alert = parsed({
      ...minimal,
      title: 5,
      evidence: [null, 7, device({ mdeDeviceId: 'm1', hostName: 9 })],
      mitreTechniques: ['T1', 2],
    });
    assert.equal(alert.device?.microsoftDeviceId, 'm1');
    assert.deepEqual(alert.metadata.mitreTechniques, ['T1']);
  });

  it('takes sentinel times for none', () => {
    const alert = parsed({
      ...minimal,
      createdDateTime: '0001-01-01T00:00:00Z',
      lastActivityDateTime: '9999-12-31T23:59:59Z',
    });
    assert.deepEqual([alert.createdAt, alert.lastActivityAt], [null, null]);
  });

  it('cuts what is endless and removes what cannot be stored', () => {
    const alert = parsed({
      ...minimal,
      title: `a\0b\ud800c${'x'.repeat(100_000)}`,
      recommendedActions: 'y'.repeat(100_000),
    });
    assert.equal(alert.title.startsWith('abcxxx'), true);
    assert.ok(alert.title.length <= 10_000 && (alert.metadata.recommendedActions?.length ?? 0) <= 10_000);
    assert.equal(parsed({ ...minimal, title: 'x'.repeat(9_999) + '😀' }).title, 'x'.repeat(9_999));
  });

  it('takes the first device and tells who is concerned', () => {
    const evidence = [
      user({ accountName: 'adelev', domainName: 'CONTOSO', userPrincipalName: null }),
      device({ mdeDeviceId: null, deviceDnsName: null }),
      device({
        mdeDeviceId: 'm1',
        azureAdDeviceId: 'e1',
        deviceDnsName: 'lap.contoso.com',
        hostName: 'lap',
        osPlatform: 'Windows11',
        version: '24H2',
        riskScore: 'high',
        healthStatus: 'active',
        onboardingStatus: 'onboarded',
      }),
      device({ mdeDeviceId: 'm2' }),
    ];
    const alert = parsed({ ...minimal, evidence });
    assert.equal(alert.user, 'CONTOSO\\adelev');
    assert.deepEqual(alert.device, {
      microsoftDeviceId: 'm1',
      aadDeviceId: 'e1',
      name: 'lap.contoso.com',
      operatingSystem: 'Windows11',
      osVersion: '24H2',
      risk: 'high',
      health: 'active',
      onboarding: 'onboarded',
    });
  });

  it('does not take an account of the machine for a person', () => {
    const process = {
      '@odata.type': '#microsoft.graph.security.processEvidence',
      userAccount: { accountName: 'SYSTEM', domainName: 'NT AUTHORITY' },
    };
    assert.equal(parsed({ ...minimal, evidence: [process] }).user, null);
  });

  it('keeps at most 20 lines of evidence, each short and each once', () => {
    const urls = Array.from({ length: 60 }, (_, index) => ({
      '@odata.type': '#microsoft.graph.security.urlEvidence',
      url: `https://example.com/${Math.floor(index / 2)}/${'z'.repeat(400)}`,
    }));
    const lines = parsed({ ...minimal, evidence: urls }).metadata.evidence ?? [];
    assert.equal(lines.length, 20);
    assert.equal(new Set(lines).size, 20);
    assert.ok(lines.every((line) => line.length <= 300 && line.startsWith('URL https://example.com/')));
  });

  it('describes evidence of a type it has never seen', () => {
    const evidence = [{ '@odata.type': '#microsoft.graph.security.quantumRelayEvidence', displayName: 'relay 7' }];
    assert.deepEqual(parsed({ ...minimal, evidence }).metadata.evidence, ['Quantum relay relay 7']);
  });

  it('keeps links that lead to Microsoft and no others', () => {
    const link = (alertWebUrl: unknown) => parsed({ ...minimal, alertWebUrl }).metadata.alertWebUrl;
    assert.equal(
      link('https://security.microsoft.com/alerts/da1?tid=1'),
      'https://security.microsoft.com/alerts/da1?tid=1',
    );
    for (const bad of [
      'http://security.microsoft.com/',
      'https://microsoft.com.evil.example/',
      'https://evilmicrosoft.com/',
      'https://a@security.microsoft.com/',
      'javascript:alert(1)',
      'x',
      5,
      null,
    ]) {
      assert.equal(link(bad), null, String(bad));
    }
  });

  it('never throws and never gives text that PostgreSQL refuses, whatever JSON is sent', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constant('\0'),
      fc.constant('\ud800'),
      fc.constant('__proto__'),
    );
    const fields = [
      'id',
      'lastUpdateDateTime',
      'title',
      'description',
      'severity',
      'evidence',
      'mitreTechniques',
      'alertWebUrl',
      'incidentId',
      'userAccount',
      '@odata.type',
    ];
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom(
          null,
          true,
          0,
          -1.5,
          1e308,
          minimal.lastUpdateDateTime,
          '#microsoft.graph.security.fileEvidence',
        ),
        hostile,
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.oneof(fc.constantFrom(...fields), hostile), tie('value'), { maxKeys: 6 }),
      ),
    }));
    const near = fc
      .tuple(value, fc.dictionary(fc.constantFrom(...fields), value), hostile)
      .map(([row, members, text]) => [
        row,
        { ...minimal, ...members },
        { ...minimal, title: text, evidence: [members, row] },
      ]);
    fc.assert(
      fc.property(near, (rows) => {
        const page = parseAlerts({ rows: JSON.parse(JSON.stringify(rows)) as unknown[], partial: false, number: 1 });
        assert.equal(page.alerts.length + page.malformed.length, rows.length);
        const visit = (part: unknown): void => {
          if (typeof part === 'string') assert.doesNotMatch(part, /[\0\p{Surrogate}]/u);
          else if (typeof part === 'object' && part !== null) Object.values(part).forEach(visit);
        };
        visit(page);
      }),
      { numRuns: 300 },
    );
  });

  it('is understood in all documentation samples', function () {
    const list = sharedJson('samples/graph-alerts_v2-list.json') as { value: unknown[] } | null;
    if (!list) return this.skip();
    const alert = parsed(list.value[0]);
    assert.equal(alert.device?.name, 'yonif-lap3.middleeast.corp.microsoft.com');
    assert.equal(alert.lastUpdate, '2021-05-02T14:19:01.3266667Z');
    assert.equal(alert.user, null);
    assert.deepEqual(
      alert.metadata.evidence?.map((line) => line.split(' ')[0]),
      ['Device', 'File', 'Process', 'Registry'],
    );
    assert.equal(
      parsed(sharedJson('samples/graph-alerts_v2-get.json')).microsoftAlertId,
      'da637578995287051192_756343937',
    );
  });

  it('is understood in all 189 real alerts', function () {
    const real = sharedJson('real/alerts_v2.json') as { value: unknown[] } | null;
    if (!real) return this.skip();
    const page = parseAlerts({ rows: real.value, partial: false, number: 1 });
    assert.deepEqual([page.alerts.length, page.malformed], [189, []]);
    assert.ok(page.alerts.filter((alert) => alert.device).length > 100);
    assert.equal(page.alerts.filter((alert) => alert.threatName).length, 12);
  });

  it('is understood in every scenario of the sandbox', () => {
    const generator = createAlertGenerator(contoso);
    const rows = scenarios.map(() => generator.next(new Date('2026-05-01T10:00:00Z')));
    const page = parseAlerts({ rows, partial: false, number: 1 });
    assert.equal(page.alerts.length, scenarios.length);
    assert.ok(page.alerts.every((alert) => alert.metadata.evidence?.length && alert.metadata.alertWebUrl));
  });
});
