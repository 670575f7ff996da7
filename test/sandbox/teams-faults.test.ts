import assert from 'node:assert/strict';

import { createPretendTeams } from '../../sandbox/teams/pretend-teams.js';
import type { PretendTeams } from '../../sandbox/teams/pretend-teams.js';
import { directory } from './directory.js';
import { restOf } from './rest.js';

describe('Scripted faults of the pretend Teams', () => {
  let teams: PretendTeams;
  let rest: ReturnType<typeof restOf>;
  let serviceUrl: string;

  beforeEach(async () => {
    teams = createPretendTeams({ directory, botEndpoint: 'http://127.0.0.1:9/', enforceLimits: false });
    serviceUrl = await teams.listen();
    rest = restOf(serviceUrl, teams);
  });
  afterEach(() => teams.close());

  const said = () => teams.messages('Security alerts').length;

  for (const status of [403, 404, 412, 413, 429, 500, 502, 503, 504]) {
    it(`answers the next call with ${status} and does nothing, then is itself again`, async () => {
      teams.faults.add({ kind: 'status', status, times: 1 });
      const answer = await rest.post('Security alerts');
      assert.deepEqual([answer.status, answer.retryAfter, said()], [status, null, 0]);
      assert.equal((await rest.post('Security alerts')).status, 201);
    });
  }

  it('names a Retry-After when it was given one', async () => {
    teams.faults.add({ kind: 'status', status: 429, retryAfterSeconds: 3 });
    assert.equal((await rest.post('Security alerts')).retryAfter, '3');
  });

  it('takes the call and answers with a failure all the same, as a broken gateway does', async () => {
    teams.faults.add({ kind: 'status', status: 502, accepted: true });
    assert.equal((await rest.post('Security alerts')).status, 502);
    assert.equal(said(), 1);
    assert.deepEqual(
      teams.log.calls.map(({ status, accepted }) => ({ status, accepted })),
      [{ status: 502, accepted: true }],
    );
  });

  it('cuts the connection before and after taking the call', async () => {
    teams.faults.add({ kind: 'cut' });
    await assert.rejects(rest.post('Security alerts'));
    assert.equal(said(), 0);
    teams.faults.add({ kind: 'cut', accepted: true });
    await assert.rejects(rest.post('Security alerts'));
    assert.equal(said(), 1);
  });

  it('never answers a call that hangs', async () => {
    teams.faults.add({ kind: 'hang', accepted: true });
    const arrived = new Promise<void>((resolve) => teams.subscribe(() => resolve()));
    const stop = new AbortController();
    const body = JSON.stringify({
      isGroup: true,
      channelData: { channel: { id: rest.idOf('Security alerts') } },
      activity: { type: 'message', text: 'x' },
    });
    const call = fetch(`${serviceUrl}/v3/conversations`, { method: 'POST', body, signal: stop.signal });
    await arrived;
    stop.abort();
    await assert.rejects(call, { name: 'AbortError' });
    assert.equal(said(), 1);
  });

  it('answers slowly, but answers', async () => {
    teams.faults.add({ kind: 'slow', delayMs: 20 });
    assert.equal((await rest.post('Security alerts')).status, 201);
    assert.equal(teams.faults.waiting, 0);
  });

  it('hits only the conversation and the operations it was made for, and can be taken back', async () => {
    teams.faults.add({ kind: 'status', status: 503, conversationId: rest.idOf('Escalations') });
    const root = (await rest.post('Security alerts')).body.activityId ?? '';
    assert.notEqual(root, '');
    teams.faults.add({ kind: 'status', status: 412, operations: ['update'] });
    assert.equal((await rest.reply('Security alerts', root, 'x')).status, 201);
    assert.equal((await rest.update('Security alerts', root, 'x')).status, 412);
    assert.equal((await rest.post('Escalations')).status, 503);
    const takeBack = teams.faults.add({ kind: 'status', status: 500, times: Infinity });
    assert.equal((await rest.post('Escalations')).status, 500);
    takeBack();
    assert.equal((await rest.post('Escalations')).status, 201);
  });
});
