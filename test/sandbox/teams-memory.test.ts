import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createPretendTeams } from '../../sandbox/teams/pretend-teams.js';
import type { PretendTeams } from '../../sandbox/teams/pretend-teams.js';
import { directory } from './directory.js';
import { restOf } from './rest.js';

describe('The state file of the pretend Teams', () => {
  let folder: string;
  let stateFile: string;
  const running: PretendTeams[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'teams-'));
    stateFile = join(folder, 'below', 'teams.jsonl');
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((teams) => teams.close()));
    rmSync(folder, { recursive: true });
  });

  async function start() {
    const teams = createPretendTeams({
      directory,
      botEndpoint: 'http://127.0.0.1:9/',
      stateFile,
      enforceLimits: false,
      deadlineMs: 100,
    });
    running.push(teams);
    return { teams, rest: restOf(await teams.listen(), teams) };
  }

  it('brings posts, replies, edits, unread marks, removals and ids back after a restart', async () => {
    const { teams, rest } = await start();
    const root = (await rest.post('Security alerts')).body.activityId ?? '';
    await rest.reply('Security alerts', root, 'reply');
    await rest.update('Security alerts', root, 'edited');
    await teams.removeApp('Alerts');
    const [ann] = teams.people.values();
    teams.world.memory.markRead(ann?.id ?? '', rest.idOf('Security alerts'), root);

    const { teams: again, rest: later } = await start();
    assert.deepEqual(again.messages('Security alerts'), teams.messages('Security alerts'));
    assert.deepEqual(
      again.replies(root).map((one) => one.text),
      ['reply'],
    );
    assert.equal(again.message(root)?.text, 'edited');
    assert.equal(again.world.memory.readUpTo(ann?.id ?? '', rest.idOf('Security alerts')), root);
    assert.equal((await later.post('Alerts')).body.error?.code, 'BotNotInConversationRoster');
    assert.equal((await later.update('Security alerts', root, 'again')).status, 200);
    const next = (await later.post('Security alerts')).body.activityId ?? '';
    assert.ok(next > root, 'new ids never meet old ones');
  });

  it('drops a line that a crash tore, and keeps everything before and after it', async () => {
    const { rest } = await start();
    const root = (await rest.post('Security alerts')).body.activityId ?? '';
    appendFileSync(stateFile, '{"t":"message","message":{"id":"17');
    const { teams: second, rest: later } = await start();
    assert.deepEqual(
      second.messages('Security alerts').map((one) => one.id),
      [root],
    );
    await later.post('Security alerts');
    assert.equal((await start()).teams.messages('Security alerts').length, 2);
  });

  it('is compacted at the start: one line for a post, however often it was edited', async () => {
    const { rest } = await start();
    const root = (await rest.post('Security alerts')).body.activityId ?? '';
    for (let index = 0; index < 20; index++) await rest.update('Security alerts', root, `edit ${index}`);
    const lines = () =>
      readFileSync(stateFile, 'utf8')
        .split('\n')
        .filter((line) => line.includes('"t":"message"')).length;
    assert.equal(lines(), 21);
    const { teams } = await start();
    assert.equal(lines(), 1);
    assert.equal(teams.message(root)?.text, 'edit 19');
  });
});
