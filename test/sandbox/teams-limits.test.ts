import assert from 'node:assert/strict';

import fc from 'fast-check';

import { createLimits } from '../../sandbox/teams/limits.js';
import { createPretendTeams } from '../../sandbox/teams/pretend-teams.js';
import type { PretendTeams } from '../../sandbox/teams/pretend-teams.js';
import { directory } from './directory.js';
import { restOf } from './rest.js';

describe('The rate limits of the pretend Teams', () => {
  let teams: PretendTeams;
  let rest: ReturnType<typeof restOf>;

  async function start(timeScale: number): Promise<void> {
    teams = createPretendTeams({ directory, botEndpoint: 'http://127.0.0.1:9/', timeScale });
    rest = restOf(await teams.listen(), teams);
  }
  afterEach(() => teams.close());

  it('let seven posts into a channel within a second and answer the eighth with 429 and Retry-After', async () => {
    await start(100);
    const answers = await Promise.all(Array.from({ length: 8 }, () => rest.post('Security alerts')));
    assert.equal(answers.filter((one) => one.status === 201).length, 7);
    const refused = answers.find((one) => one.status === 429);
    assert.equal(refused?.body.error?.code, 'Throttled');
    assert.ok(Number(refused?.retryAfter) >= 1);
    assert.equal((await rest.post('Escalations')).status, 201, 'another channel has its own limit');
    assert.equal(teams.log.answered(429), 1);
    assert.equal(teams.messages('Security alerts').length, 7);
  });

  it('count replies and edits as sends', async () => {
    await start(100);
    const root = (await rest.post('Security alerts')).body.activityId ?? '';
    for (let index = 0; index < 3; index++) await rest.reply('Security alerts', root, 'reply');
    for (let index = 0; index < 3; index++) await rest.update('Security alerts', root, 'edit');
    assert.equal((await rest.update('Security alerts', root, 'edit')).status, 429);
  });

  it('pass again when the time that Retry-After names has gone by, scaled for tests', async () => {
    await start(0.05);
    let refused = await rest.post('Security alerts');
    while (refused.status !== 429) refused = await rest.post('Security alerts');
    let accepted = 0;
    while (accepted === 0) if ((await rest.post('Security alerts')).status === 201) accepted++;
    assert.ok(Number(refused.retryAfter) < 1);
  });
});

describe('The limit of a whole Entra tenant', () => {
  it('lets fifty calls a second through over all its channels, and leaves other tenants alone', async () => {
    const channels = Array.from({ length: 8 }, (_, index) => `Channel ${index}`);
    const [contoso, fabrikam] = directory.tenants;
    assert.ok(contoso && fabrikam);
    const busy = { ...directory, tenants: [{ ...contoso, teams: [{ name: 'Busy', channels }] }, fabrikam] };
    const teams = createPretendTeams({ directory: busy, botEndpoint: 'http://127.0.0.1:9/', timeScale: 100 });
    const rest = restOf(await teams.listen(), teams);
    const answers = await Promise.all(channels.flatMap((name) => Array.from({ length: 7 }, () => rest.post(name))));
    assert.equal(answers.filter((one) => one.status === 201).length, 50);
    assert.equal((await rest.post('Alerts')).status, 201);
    await teams.close();
  });
});

describe('A sliding window', () => {
  it('never lets more calls through than documented, whatever the times between them', () => {
    const windows = [
      [7, 1_000],
      [8, 2_000],
      [60, 30_000],
      [1_800, 3_600_000],
    ] as const;
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 700 }), { minLength: 20, maxLength: 300 }), (gaps) => {
        let now = 0;
        const limits = createLimits(1, () => now);
        const passed: number[] = [];
        for (const gap of gaps) {
          now += gap;
          const wait = limits.take('send', 'channel');
          if (wait === 0) passed.push(now);
          else {
            now += wait;
            assert.equal(limits.take('send', 'channel'), 0, 'waiting as told is enough');
            passed.push(now);
          }
        }
        for (const [calls, span] of windows)
          for (let index = calls; index < passed.length; index++)
            assert.ok((passed[index] ?? 0) - (passed[index - calls] ?? 0) >= span);
      }),
    );
  });
});
