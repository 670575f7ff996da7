import assert from 'node:assert/strict';
import { createIntuneDevices } from '../../microsoft/intune-devices.js';
import type { IntuneDeviceOptions } from '../../microsoft/intune-devices.js';
import { faultOf, sharedJson } from './harness.js';
import { connection, itemsOf, never, openPretend, pagesOf } from './pretend.js';
import type { Pretend, Reply } from './pretend.js';

const devicesPath = '/v1.0/deviceManagement/managedDevices';
const summariesPath = '/v1.0/deviceManagement/deviceCompliancePolicySettingStateSummaries';
const notApplicable: Reply = {
  status: 400,
  json: { error: { code: 'BadRequest', message: 'Request not applicable to target tenant.' } },
};

describe('managed devices of Intune', () => {
  let pretend: Pretend;
  beforeEach(async () => (pretend = await openPretend()));
  afterEach(() => pretend.close());

  const intune = (more: Partial<IntuneDeviceOptions> = {}) => createIntuneDevices({ ...pretend.options(), ...more });
  const devices = (more: Partial<IntuneDeviceOptions> = {}) => intune(more).managedDevices(connection, never());
  const rules = (more: Partial<IntuneDeviceOptions> = {}) => intune(more).failedRules(connection, never());
  const one = async (record: object) => {
    pretend.answer = () => ({ json: { value: [{ id: 'd1', ...record }] } });
    const [device] = await itemsOf(devices());
    assert.ok(device);
    return device;
  };
  /** Pages by path; a page is its rows, or its rows and the path of the next page. */
  const serve = (pages: Record<string, unknown[] | { rows: unknown[]; next: string }>) => {
    pretend.answer = ({ path, query }) => {
      const page = pages[query.has('$skiptoken') ? `${path}?${query.get('$skiptoken')}` : path];
      if (!page) return { status: 404 };
      if (Array.isArray(page)) return { json: { value: page } };
      return { json: { value: page.rows, '@odata.nextLink': `https://graph.microsoft.com${page.next}` } };
    };
  };
  const failing = (id: string, more: object = {}) => ({
    id,
    settingName: `Rule ${id}`,
    nonCompliantDeviceCount: 1,
    errorDeviceCount: 0,
    conflictDeviceCount: 0,
    ...more,
  });
  const states = (id: string) => `${summariesPath}/${id}/deviceComplianceSettingStates`;

  it('are read by the links of Graph, with the members that are needed and enum members that came later', async () => {
    serve({
      [devicesPath]: { rows: [{ id: 'd1' }, { id: 'd2' }], next: `${devicesPath}?$skiptoken=two==` },
      [`${devicesPath}?two==`]: [{ id: 'd3' }],
    });
    const read = await itemsOf(devices());
    assert.deepEqual(
      read.map((device) => device.intuneDeviceId),
      ['d1', 'd2', 'd3'],
    );
    const [first, second] = pretend.asked;
    assert.equal(first?.query.get('$top'), '1000');
    assert.match(first?.query.get('$select') ?? '', /^id,azureADDeviceId,.*complianceState/);
    assert.deepEqual([first?.prefer, second?.prefer], Array(2).fill('include-unknown-enum-members'));
    assert.equal(first?.host, 'graph.microsoft.com');
    assert.ok(pretend.tokenScopes[0]?.startsWith('https://graph.microsoft.com/.default'));
  });

  it('never bring a token to the host of a foreign link, the one of Defender included', async () => {
    for (const host of ['evil.example', 'api.security.microsoft.com', 'graph.microsoft.us']) {
      pretend.answer = () => ({ json: { value: [], '@odata.nextLink': `https://${host}/v1.0/x` } });
      await assert.rejects(itemsOf(devices()), faultOf('protocol', /host that is not its own/));
    }
    assert.deepEqual([...new Set(pretend.asked.map(({ host }) => host))], ['graph.microsoft.com']);
  });

  it('are not read along endless or repeated links', async () => {
    let page = 0;
    const linked = (token: () => string) => () => ({
      json: { value: [], '@odata.nextLink': `https://graph.microsoft.com${devicesPath}?$skiptoken=${token()}` },
    });
    pretend.answer = linked(() => String((page += 1)));
    await assert.rejects(itemsOf(devices({ maxPages: 4 })), faultOf('protocol', /managed devices within 4 pages/));
    pretend.answer = linked(() => 'again');
    await assert.rejects(itemsOf(devices()), faultOf('protocol', /same link/));
  });

  it('keep the casing of the compliance state, known or not', async () => {
    for (const state of ['noncompliant', 'nonCompliant', 'inGracePeriod', 'configManager', 'someday']) {
      assert.equal((await one({ complianceState: state })).compliance, state);
    }
    assert.equal((await one({ complianceState: null })).compliance, null);
  });

  it('have no times of year 1 and 9999, no nil GUID, and typographic names as they are', async () => {
    const device = await one({
      deviceName: 'Michael’s MacBook Pro',
      lastSyncDateTime: '0001-01-01T00:00:00Z',
      azureADDeviceId: '00000000-0000-0000-0000-000000000000',
    });
    assert.deepEqual([device.name, device.lastSyncAt, device.aadDeviceId], ['Michael’s MacBook Pro', null, null]);
    assert.equal((await one({ lastSyncDateTime: '9999-12-31T23:59:59Z' })).lastSyncAt, null);
    assert.equal((await one({ azureADDeviceId: 'ABCDEF00-1111' })).aadDeviceId, 'abcdef00-1111');
  });

  it('survive members of other types, and name a record without an id', async () => {
    pretend.answer = () => ({
      json: { value: [{ id: 'd1', deviceName: [], osVersion: 11, complianceState: {} }, { deviceName: 'x' }, 'text'] },
    });
    const [page] = await pagesOf(devices());
    assert.deepEqual(
      page?.items.map(({ name, osVersion, compliance }) => [name, osVersion, compliance]),
      [[null, null, null]],
    );
    assert.deepEqual(
      page?.malformed.map(({ which }) => which),
      ['record 2 of page 1', 'record 3 of page 1'],
    );
  });

  it('say that a tenant has no Intune', async () => {
    pretend.answer = () => notApplicable;
    await assert.rejects(itemsOf(devices()), faultOf('not_licensed', /no licence for Intune/));
    await assert.rejects(itemsOf(rules()), faultOf('not_licensed'));
    assert.equal(pretend.asked.length, 2);
  });

  it('name the permission that is missing, another one for the rules', async () => {
    const message = 'Insufficient privileges to complete the operation.';
    pretend.answer = () => ({ status: 403, json: { error: { code: 'Authorization_RequestDenied', message } } });
    const named = (permission: RegExp) => faultOf('on_hold', permission, /Microsoft Graph/, /Insufficient/);
    await assert.rejects(itemsOf(devices()), named(/DeviceManagementManagedDevices\.Read\.All/));
    await assert.rejects(itemsOf(rules()), named(/DeviceManagementConfiguration\.Read\.All/));
  });

  it('are looked up in the failed settings, never one by one', async () => {
    serve({
      [summariesPath]: {
        rows: [failing('a'), { ...failing('fine'), nonCompliantDeviceCount: 0 }],
        next: `${summariesPath}?$skiptoken=2`,
      },
      [`${summariesPath}?2`]: [failing('b', { nonCompliantDeviceCount: 0, conflictDeviceCount: 2 })],
      [states('a')]: { rows: [{ deviceId: 'd1', state: 'nonCompliant' }], next: `${states('a')}?$skiptoken=2` },
      [`${states('a')}?2`]: [{ deviceId: 'd2', state: 'error', settingName: 'BitLocker' }],
      [states('b')]: [
        { deviceId: 'd1', state: 'conflict' },
        { deviceId: 'd3', state: 'compliant' },
      ],
    });
    assert.deepEqual(await itemsOf(rules()), [
      { intuneDeviceId: 'd1', rule: 'Rule a', state: 'nonCompliant' },
      { intuneDeviceId: 'd2', rule: 'BitLocker', state: 'error' },
      { intuneDeviceId: 'd1', rule: 'Rule b', state: 'conflict' },
    ]);
    assert.equal(pretend.asked.length, 5);
  });

  it('fail a rule by either casing, and never by a state that says nothing of a failure', async () => {
    const words = ['nonCompliant', 'noncompliant', 'unknown', 'notApplicable', 'remediated', 'notAssigned', null, 5];
    serve({ [summariesPath]: [failing('a')], [states('a')]: words.map((state) => ({ deviceId: 'd1', state })) });
    assert.deepEqual(
      (await itemsOf(rules())).map(({ state }) => state),
      ['nonCompliant', 'noncompliant'],
    );
  });

  it('are asked for when a summary does not say how many fail', async () => {
    serve({ [summariesPath]: [{ id: 'a' }], [states('a')]: [{ deviceId: 'd1', state: 'error' }] });
    assert.deepEqual(await itemsOf(rules()), [{ intuneDeviceId: 'd1', rule: 'Unnamed rule', state: 'error' }]);
  });

  it('have rules whose malformed records are named', async () => {
    serve({ [summariesPath]: [failing('a'), { settingName: 'x' }], [states('a')]: [{ id: 's1', state: 'error' }] });
    const malformed = (await pagesOf(rules())).flatMap((page) => page.malformed);
    assert.deepEqual(
      malformed.map(({ which }) => which),
      ['record 2 of page 1', 's1'],
    );
  });

  it('keep the id of a setting inside its path', async () => {
    serve({ [summariesPath]: [failing('../../../me?x=')] });
    await assert.rejects(itemsOf(rules()), faultOf('unavailable', /404/));
    assert.equal(pretend.asked[1]?.path, states('..%2F..%2F..%2Fme%3Fx%3D'));
  });

  it('count the pages of all settings together', async () => {
    const many = Array.from({ length: 20 }, (_, index) => failing(`s${index}`));
    serve({ [summariesPath]: many, ...Object.fromEntries(many.map(({ id }) => [states(id), []])) });
    await assert.rejects(itemsOf(rules({ maxPages: 10 })), faultOf('protocol', /within 10 pages/));
  });

  it('read the samples of the documentation', async function () {
    const device = sharedJson('samples/graph-managedDevice.json');
    const summaries = sharedJson('samples/graph-deviceCompliancePolicySettingStateSummaries.json');
    const settingStates = sharedJson('samples/graph-deviceComplianceSettingStates.json');
    if (!device || !summaries || !settingStates) this.skip();
    const { intuneDeviceId, aadDeviceId, compliance, enrollment, primaryUser, lastSyncAt } = await one(device);
    assert.deepEqual(
      [intuneDeviceId, aadDeviceId, compliance, enrollment, primaryUser, lastSyncAt],
      [
        '705c034c-034c-705c-4c03-5c704c035c70',
        'azure addevice id value',
        'compliant',
        'registered',
        'User Principal Name value',
        '2017-01-01T00:02:49.3205976-08:00',
      ],
    );
    pretend.answer = ({ path }) => ({ json: path.endsWith('States') ? settingStates : summaries });
    assert.deepEqual(await itemsOf(rules()), []);
    pretend.answer = ({ path }) => ({
      text: JSON.stringify(path.endsWith('States') ? settingStates : summaries).replace(
        'notApplicable',
        'nonCompliant',
      ),
    });
    assert.deepEqual(await itemsOf(rules()), [
      { intuneDeviceId: 'Device Id value', rule: 'Setting Name value', state: 'nonCompliant' },
    ]);
  });
});
