import assert from 'node:assert/strict';
import { createDefenderMachines } from '../../microsoft/defender-machines.js';
import type { DefenderMachineOptions } from '../../microsoft/defender-machines.js';
import { faultOf, sharedJson } from './harness.js';
import { connection, itemsOf, never, openPretend, otherConnection, pagesOf, slice } from './pretend.js';
import type { Pretend } from './pretend.js';

const id = (index: number) => index.toString(16).padStart(40, '0');
const fleet = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: id(index), computerDnsName: `pc-${index}.contoso.com` }));

describe('machines of Defender', () => {
  let pretend: Pretend;
  beforeEach(async () => (pretend = await openPretend()));
  afterEach(() => pretend.close());

  const machines = (more: Partial<DefenderMachineOptions> = {}, of = connection, signal = never()) =>
    createDefenderMachines({ ...pretend.options(), ...more }).machines(of, signal);
  const one = async (record: object) => {
    pretend.answer = () => ({ json: { value: [{ id: id(1), ...record }] } });
    const [machine] = await itemsOf(machines());
    assert.ok(machine);
    return machine;
  };
  const link = (rest: string, host = 'api.securitycenter.microsoft.com') => `https://${host}/api/machines?${rest}`;

  it('are read by $skip until a page is short, since $top gives no links', async () => {
    const all = fleet(25);
    pretend.answer = (asked) => slice(all, asked);
    const read = await itemsOf(machines({ pageSize: 10 }));
    assert.deepEqual(
      read.map((machine) => machine.microsoftDeviceId),
      all.map((machine) => machine.id),
    );
    assert.deepEqual(
      pretend.asked.map(({ host, path, query }) => [host, path, query.toString()]),
      [0, 10, 20].map((skip) => ['api.security.microsoft.com', '/api/machines', `%24top=10&%24skip=${skip}`]),
    );
  });

  it('end with an empty page when the last one was full', async () => {
    pretend.answer = (asked) => slice(fleet(20), asked);
    assert.equal((await itemsOf(machines({ pageSize: 10 }))).length, 20);
    assert.equal(pretend.asked.length, 3);
  });

  it('are asked for a thousand at a time, with a token for the older host and no Prefer header', async () => {
    await itemsOf(machines());
    const [asked] = pretend.asked;
    assert.equal(asked?.query.get('$top'), '1000');
    assert.equal(asked?.prefer, undefined);
    assert.match(asked?.authorization ?? '', /^Bearer token-1 /);
    assert.deepEqual(
      pretend.tokenScopes.map((scope) => scope.split(' ')[0]),
      ['https://api.securitycenter.microsoft.com/.default'],
    );
  });

  it('come by links as well, should there be any, of the old host too', async () => {
    const all = fleet(7);
    pretend.answer = ({ query }) => {
      const from = Number(query.get('$skip'));
      const next = from < 6 ? { '@odata.nextLink': link(`$skip=${from + 3}`) } : {};
      return { json: { value: all.slice(from, from + 3), ...next } };
    };
    assert.equal((await itemsOf(machines({ pageSize: 1000 }))).length, 7);
    assert.deepEqual([...new Set(pretend.asked.map(({ host }) => host))].sort(), [
      'api.security.microsoft.com',
      'api.securitycenter.microsoft.com',
    ]);
  });

  it('are not read for ever from a server that heeds no $skip', async () => {
    pretend.answer = () => ({ json: { value: fleet(10) } });
    await assert.rejects(itemsOf(machines({ pageSize: 10 })), faultOf('protocol', /same page of machines twice/));
    assert.equal(pretend.asked.length, 2);
  });

  it('are not read for ever along links that never end', async () => {
    pretend.answer = ({ query }) => {
      const from = Number(query.get('$skip'));
      return { json: { value: [{ id: id(from) }], '@odata.nextLink': link(`$skip=${from + 1}`) } };
    };
    await assert.rejects(itemsOf(machines({ maxPages: 9 })), faultOf('protocol', /end of the machines within 9 pages/));
    assert.equal(pretend.asked.length, 9);
  });

  it('are not read along a link that was followed before', async () => {
    pretend.answer = ({ query }) => ({
      json: { value: [{ id: query.get('$skip') }], '@odata.nextLink': link('$skip=5') },
    });
    await assert.rejects(itemsOf(machines()), faultOf('protocol', /same link/));
  });

  it('never bring a token to the host of a foreign link, be it of another cloud of Microsoft', async () => {
    const strangers = ['evil.example', 'graph.microsoft.com', 'api-gov.securitycenter.microsoft.us'];
    for (const host of strangers) {
      pretend.answer = () => ({ json: { value: fleet(1), '@odata.nextLink': link('$skip=1', host) } });
      await assert.rejects(itemsOf(machines()), faultOf('protocol', /host that is not its own/));
    }
    assert.deepEqual([...new Set(pretend.asked.map(({ host }) => host))], ['api.security.microsoft.com']);
  });

  it('are given page by page, and a page that always fails ends the walk after them', async () => {
    pretend.answer = (asked) =>
      asked.query.get('$skip') === '20' ? { status: 502, text: '<html>Bad gateway</html>' } : slice(fleet(50), asked);
    const met: string[] = [];
    const reading = async () => {
      for await (const page of machines({ pageSize: 10 })) met.push(...page.items.map((one) => one.microsoftDeviceId));
    };
    await assert.rejects(reading(), faultOf('unavailable', /Defender answered HTTP 502/));
    assert.equal(met.length, 20);
    assert.equal(pretend.asked.filter(({ query }) => query.get('$skip') === '20').length, 3);
  });

  it('go on when the token is refused in the middle, with a new one', async () => {
    const all = fleet(25);
    pretend.answer = (asked) =>
      asked.query.get('$skip') === '10' && asked.authorization?.includes('token-1 ')
        ? { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } }
        : slice(all, asked);
    assert.equal((await itemsOf(machines({ pageSize: 10 }))).length, 25);
    assert.equal(pretend.tokenScopes.length, 2);
  });

  it('of two tenants are read at once, each with its own token', async () => {
    const both = createDefenderMachines({ ...pretend.options(), pageSize: 10 });
    pretend.answer = (asked) => {
      const tenant = asked.authorization?.split(' ').at(-1);
      return slice(
        fleet(25).map((machine) => ({ ...machine, computerDnsName: tenant })),
        asked,
      );
    };
    const [ours, theirs] = await Promise.all(
      [connection, otherConnection].map((of) => itemsOf(both.machines(of, never()))),
    );
    assert.deepEqual([...new Set(ours?.map(({ name }) => name))], [connection.entraTenantId]);
    assert.deepEqual([...new Set(theirs?.map(({ name }) => name))], [otherConnection.entraTenantId]);
  });

  it('stop at once when the caller gives up', async () => {
    const stop = new AbortController();
    pretend.answer = () => {
      setImmediate(() => stop.abort(new Error('shutting down')));
      return { fails: 'hang' };
    };
    await assert.rejects(itemsOf(machines({}, connection, stop.signal)), /shutting down/);
  });

  it('keep every word that Microsoft may think of', async () => {
    const machine = await one({ riskScore: 'Apocalyptic', healthStatus: 'Dreaming', onboardingStatus: 'onboarded' });
    assert.deepEqual([machine.risk, machine.health, machine.onboarding], ['Apocalyptic', 'Dreaming', 'onboarded']);
  });

  it('survive members that are missing, null, empty or of another type', async () => {
    const machine = await one({
      computerDnsName: 7,
      osPlatform: null,
      version: '',
      osBuild: null,
      riskScore: {},
      machineTags: 'none',
      aadDeviceId: false,
      lastSeen: 12,
    });
    const { microsoftDeviceId, tags, ...rest } = machine;
    assert.equal(microsoftDeviceId, id(1));
    assert.deepEqual(tags, []);
    assert.deepEqual([...new Set(Object.values(rest))], [null]);
  });

  it('have an Entra id in lower case, and none for the nil GUID', async () => {
    assert.equal(
      (await one({ aadDeviceId: 'FD2E4D29-7072-4195-AAA5-1AF139B78028' })).aadDeviceId?.slice(0, 8),
      'fd2e4d29',
    );
    assert.equal((await one({ aadDeviceId: '00000000-0000-0000-0000-000000000000' })).aadDeviceId, null);
  });

  it('have no times of year 1 and 9999', async () => {
    const machine = await one({ firstSeen: '0001-01-01T00:00:00Z', lastSeen: '9999-12-31T23:59:59.9999999Z' });
    assert.deepEqual([machine.firstSeenAt, machine.lastSeenAt], [null, null]);
    const seen = await one({ lastSeen: '2021-01-25T07:27:36.0523131Z' });
    assert.equal(seen.lastSeenAt, '2021-01-25T07:27:36.0523131Z');
  });

  it('keep names as they are, but for what cannot be stored and what is too long', async () => {
    assert.equal((await one({ computerDnsName: 'Michael’s MacBook Pro' })).name, 'Michael’s MacBook Pro');
    assert.equal((await one({ computerDnsName: 'a\u0000b\ud800' })).name, 'ab');
    assert.equal((await one({ computerDnsName: 'x'.repeat(900) })).name?.length, 255);
  });

  it('say the build where the version says nothing', async () => {
    assert.equal((await one({ version: '22H2', osBuild: 22621 })).osVersion, '22H2');
    assert.equal((await one({ version: null, osBuild: 22621 })).osVersion, '22621');
  });

  it('have each tag once', async () => {
    assert.deepEqual((await one({ machineTags: ['VIP', '', 'VIP', 3, 'Kiosk'] })).tags, ['VIP', 'Kiosk']);
  });

  it('without a usable id are named and left out, and the others of their page stay', async () => {
    const rows = [{ id: id(1) }, { computerDnsName: 'x' }, { id: ' ' }, { id: 'y'.repeat(300) }, null, { id: id(2) }];
    pretend.answer = () => ({ json: { value: rows } });
    const [page] = await pagesOf(machines());
    assert.equal(page?.items.length, 2);
    assert.deepEqual(
      page?.malformed.map(({ which, why }) => [which.slice(0, 20), why]),
      [
        ['record 2 of page 1', 'id: is missing'],
        ['record 3 of page 1', 'id: is blank'],
        ['yyyyyyyyyyyyyyyyyyyy', 'id: is longer than 255 characters'],
        ['record 5 of page 1', 'Invalid input: expected object, received null'],
      ],
    );
  });

  it('say that a page is not complete', async () => {
    pretend.answer = () => ({ status: 206, headers: { warning: '199 - "half"' }, json: { value: fleet(1) } });
    assert.equal((await pagesOf(machines()))[0]?.partial, true);
  });

  it('read the sample of the documentation', async function () {
    const sample = sharedJson('samples/mde-machine.json');
    if (!sample) this.skip();
    const machine = await one(sample);
    assert.deepEqual(machine, {
      microsoftDeviceId: '1e5bc9d7e413ddd7902c2932e418702b84d0cc07',
      aadDeviceId: 'fd2e4d29-7072-4195-aaa5-1af139b78028',
      name: 'mymachine1.contoso.com',
      operatingSystem: 'Windows10',
      osVersion: '1901',
      risk: 'High',
      exposure: 'Low',
      health: 'Active',
      onboarding: null,
      deviceValue: 'Normal',
      tags: ['Tag1', 'Tag2'],
      firstSeenAt: '2018-08-02T14:55:03.7791856Z',
      lastSeenAt: '2021-01-25T07:27:36.052313Z',
    });
  });
});
