import assert from 'node:assert/strict';
import { sandboxActor, sandboxApp } from '../../sandbox/cloud/tenants.js';
import { defenderScope, fabrikam, graphScope, openCloud, pathOf, tenant } from './cloud-client.js';
import type { CloudClient } from './cloud-client.js';

const paths = {
  graph: '/v1.0/security/alerts_v2',
  intune: '/v1.0/deviceManagement/managedDevices',
  defender: '/api/machines',
};

describe('faults of the pretend cloud', () => {
  let client: CloudClient;
  beforeEach(async () => {
    client = await openCloud({ pageSize: 10 });
  });
  afterEach(() => client.close());

  it('may be those of one API, and end with it alone', async () => {
    const { faults } = client.cloud;
    for (const api of ['graph', 'intune', 'defender'] as const) {
      faults.turnOn(tenant, { kind: 'throttle', retryAfterSeconds: 9 }, { api });
      for (const [name, path] of Object.entries(paths)) {
        const answer = await client.get(path);
        assert.equal(answer.status, name === api ? 429 : 200, `${api} is throttled, asked ${name}`);
        if (name === api) assert.equal(answer.headers.get('retry-after'), '9');
      }
      assert.deepEqual(faults.active(tenant, api), [{ kind: 'throttle', retryAfterSeconds: 9 }]);
      faults.turnOff(tenant, 'throttle', api);
      assert.equal((await client.get(paths[api])).status, 200);
    }
  });

  it('hold for all APIs where nothing else is said, and for one tenant', async () => {
    client.cloud.faults.turnOn(tenant, { kind: 'server_error', status: 503 });
    for (const path of Object.values(paths)) assert.equal((await client.get(path)).status, 503);
    const elsewhere = await client.token(sandboxApp, defenderScope, fabrikam.entraTenantId);
    assert.equal((await client.ask(paths.defender, {}, elsewhere)).status, 200);
    client.cloud.faults.turnOff(tenant);
    assert.deepEqual(client.cloud.faults.active(tenant), []);
  });

  it('may spare the first requests, or meet a part of the path, for so many times', async () => {
    const { faults } = client.cloud;
    faults.turnOn(tenant, { kind: 'server_error', status: 500 }, { api: 'defender', after: 1, times: 1 });
    const statuses: number[] = [];
    for (let request = 0; request < 3; request++) statuses.push((await client.get(paths.defender)).status);
    assert.deepEqual(statuses, [200, 500, 200]);
    faults.turnOn(tenant, { kind: 'server_error', status: 500 }, { path: '$skip=10' });
    const first = await client.get(paths.defender);
    assert.equal((await client.get(pathOf(first.next))).status, 500);
    assert.equal((await client.get(`${paths.defender}?$skip=20`)).status, 200);
  });

  it('may meet one app and not the other', async () => {
    client.cloud.faults.turnOn(tenant, { kind: 'consent_revoked' }, { app: sandboxActor.clientId });
    assert.equal(await client.token(sandboxActor, defenderScope), undefined);
    assert.equal((await client.get(paths.defender)).status, 200);
  });

  it('have the words of Defender there', async () => {
    const { faults } = client.cloud;
    const answerTo = async (kind: 'permission_missing' | 'not_licensed' | 'token_refused' | 'consent_revoked') => {
      const bearer = await client.token(sandboxApp, defenderScope);
      faults.turnOn(tenant, { kind }, { times: 1, api: 'defender' });
      const { status, code, body } = await client.ask(paths.defender, {}, bearer);
      const { target } = body['error'] as { target: string };
      assert.match(target, /^[0-9a-f-]{36}$/);
      return [status, code];
    };
    assert.deepEqual(await answerTo('permission_missing'), [403, 'Forbidden']);
    assert.deepEqual(await answerTo('not_licensed'), [403, 'Forbidden']);
    assert.deepEqual(await answerTo('token_refused'), [401, 'Unauthorized']);
    assert.deepEqual(await answerTo('consent_revoked'), [401, 'Unauthorized']);
  });

  it('spoil lists of every API: links, records, parts', async () => {
    const { faults } = client.cloud;
    for (const path of [paths.intune, paths.defender]) {
      faults.turnOn(tenant, { kind: 'next_link', give: 'endless' }, 2);
      const first = await client.get(`${path}?$skip=0`);
      const second = await client.get(pathOf(first.next));
      assert.notEqual(second.next, first.next);
      faults.turnOn(tenant, { kind: 'next_link', give: 'foreign', host: 'evil.example' }, 1);
      assert.match((await client.get(path)).next ?? '', /^https:\/\/evil\.example\//);
      faults.turnOn(tenant, { kind: 'next_link', give: 'never' }, 1);
      assert.equal((await client.get(path)).next, undefined);
      faults.turnOn(tenant, { kind: 'malformed_record' }, 1);
      assert.equal((await client.get(path)).rows.length, 11);
      faults.turnOn(tenant, { kind: 'partial' }, 1);
      const partial = await client.get(path);
      assert.equal(partial.status, 206);
      assert.ok(partial.headers.get('warning'));
    }
  });

  it('keep the answer to a change of an alert back, after it took effect', async () => {
    const [alert] = client.cloud.alerts(tenant);
    const bearer = await client.token(sandboxActor, graphScope);
    const init = { method: 'PATCH', body: JSON.stringify({ status: 'resolved' }) };
    client.cloud.faults.turnOn(tenant, { kind: 'answer_lost', how: 'server_error' }, 1);
    assert.equal((await client.ask(`${paths.graph}/${alert?.id}`, init, bearer)).status, 500);
    assert.equal(client.cloud.alerts(tenant).find(({ id }) => id === alert?.id)?.status, 'resolved');
  });

  it('do not hide who asked: the log names app and tenant, and no token', async () => {
    await client.get(paths.defender);
    const entry = client.cloud.requestLog.at(-1);
    assert.deepEqual([entry?.clientId, entry?.tenant, entry?.status], [sandboxApp.clientId, tenant, 200]);
    assert.doesNotMatch(JSON.stringify(client.cloud.requestLog), /eyJ|sandbox-secret/);
  });

  it('are not needed for a request that went to the wrong host', async () => {
    const headers = { 'x-sandbox-host': 'graph.microsoft.com' };
    const astray = await fetch(`${client.url}${paths.defender}`, { headers });
    assert.equal(astray.status, 404);
    const geo = await fetch(`${client.url}${paths.defender}`, {
      headers: { 'x-sandbox-host': 'eu.api.security.microsoft.com' },
    });
    assert.equal(geo.status, 401);
  });
});

describe('alerts changed by the acting app', () => {
  it('get comments, whose type must be named', async () => {
    const client = await openCloud();
    try {
      const before = client.cloud.raiseAlert(tenant);
      const path = `/v1.0/security/alerts_v2/${before.id}/comments`;
      const comment = { '@odata.type': 'microsoft.graph.security.alertComment', comment: 'Closed in Teams' };
      const answer = await client.post(path, comment);
      assert.equal(answer.status, 200);
      assert.deepEqual(
        answer.rows.map((one) => [one['comment'], one['createdByDisplayName']]),
        [['Closed in Teams', sandboxActor.name]],
      );
      const after = client.cloud.alerts(tenant).find(({ id }) => id === before.id);
      assert.ok(String(after?.lastUpdateDateTime) > String(before.lastUpdateDateTime));
      assert.equal((await client.post(path, { comment: 'x' })).status, 400);
      assert.equal((await client.post('/v1.0/security/alerts_v2/nothing/comments', comment)).status, 404);
    } finally {
      await client.close();
    }
  });
});
