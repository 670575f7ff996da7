import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { CredentialEnd } from '../../../domain/health/credential-ends.js';
import { daysUntilFirst, reachedThreshold } from '../../../domain/health/credential-ends.js';
import { healthProbe } from '../../../domain/health/probes.js';
import { checkCredentialsTask } from '../../../jobs/tasks/check-credentials.js';
import type { TaskRun } from '../../../jobs/queue/tasks.js';
import { actorIn, linkedChannel, moveClock } from '../../helpers/builders.js';
import { insertTenant, testDatabase } from '../../helpers/database.js';
import type { TestDatabase } from '../../helpers/database.js';
import { rowsOf } from '../../helpers/rows.js';

const day = 86_400_000;
const app = 'the application that reads (READER_APP)';

describe('credentials that end', () => {
  let t: TestDatabase;
  let ends: CredentialEnd[];
  let began: number;

  before(async () => (t = await testDatabase()));
  after(() => t.drop());
  beforeEach(async () => {
    const { rows } = await t.admin.raw<{ rows: [{ now: Date }] }>('select app.now() as now');
    began = rows[0].now.getTime();
    ends = [{ app, endsAt: new Date(began + 40.5 * day) }];
  });

  const run = { signal: new AbortController().signal } as TaskRun;
  const check = () => checkCredentialsTask(t.db, () => ends)({}, run);
  async function tenant(isLinked = true): Promise<string> {
    const { tenantId } = await insertTenant(t.admin);
    const admin = await actorIn(t.admin, tenantId, 'tenant_admin', 'Mia');
    if (isLinked) await linkedChannel(t.admin, tenantId, admin.userId);
    return tenantId;
  }
  const told = async (tenantId: string) =>
    (await rowsOf(t.admin, 'outbox', tenantId, { kind: 'notice' })).map(({ payload }) => String(payload.text));

  it('are told of 30, 14, 7 and 1 days before and once they have ended, each once, to every connected tenant', async () => {
    const [contoso, fabrikam] = [await tenant(), await tenant()];
    const counts: number[] = [];
    for (const days of [10, 10, 7, 7, 6, 10]) {
      await check();
      await check();
      counts.push((await told(contoso)).length);
      await moveClock(t.admin, `${days} days`);
    }
    assert.deepEqual(counts, [0, 0, 1, 2, 3, 4]);
    await check();
    const sentences = await told(contoso);
    assert.deepEqual(await told(fabrikam), sentences);
    const until = sentences.map((sentence) => /(in \d+ days|within a day|ended on)/.exec(sentence)?.[1]);
    assert.deepEqual(until, ['in 21 days', 'in 14 days', 'in 7 days', 'within a day', 'ended on']);
    assert.match(sentences[0] ?? '', /READER_APP.*Certificates & secrets/);
  });

  it('are told of again when the new one nears its end, and name the other one that goes on', async () => {
    const tenantId = await tenant();
    ends = [
      { app, endsAt: new Date(began + 5.5 * day) },
      { app, endsAt: new Date(began + 100 * day) },
    ];
    await check();
    assert.match((await told(tenantId))[0] ?? '', /other credential goes on until \d{4}-\d{2}-\d{2}/);
    await moveClock(t.admin, '90 days');
    await check();
    const sentences = await told(tenantId);
    assert.equal(sentences.length, 3, 'the first has ended, the second ends');
  });

  it('are told of once there is a channel to tell it in, and never to tenants that are closed or not connected', async () => {
    const [later, closed, unconnected] = [await tenant(false), await tenant(), await tenant()];
    await t.admin('tenants').where({ id: closed }).update({ is_active: false });
    await t.admin('tenants').where({ id: unconnected }).update({ entra_tenant_id: null });
    ends = [{ app, endsAt: new Date(began + 5 * day) }];
    await check();
    assert.deepEqual([await told(later), await told(closed), await told(unconnected)], [[], [], []]);
    const mia = await actorIn(t.admin, later, 'tenant_admin', 'Mia');
    await linkedChannel(t.admin, later, mia.userId);
    await check();
    assert.equal((await told(later)).length, 1);
  });

  it('show in health as days, without a word of which', async () => {
    ends.push({ app: 'the bot (MICROSOFT_APP)', endsAt: new Date(began - 2 * day) });
    assert.equal((await healthProbe(t.db, () => ends)()).details['credentialEndsInDays'], -3);
    assert.equal((await healthProbe(t.db)()).details['credentialEndsInDays'], null);
  });

  it('law: nearer ends never reach a farther threshold, and the first end is the nearest', () => {
    const offset = fc.integer({ min: -100 * day, max: 100 * day });
    fc.assert(
      fc.property(offset, offset, (one, other) => {
        const now = new Date(0);
        const [near, far] = [Math.min(one, other), Math.max(one, other)].map((ms) => new Date(ms)) as [Date, Date];
        const [a, b] = [reachedThreshold(near, now), reachedThreshold(far, now)];
        assert.ok(b === null || (a !== null && a <= b));
        assert.ok(a === null || near.getTime() <= a * day);
        assert.equal(
          daysUntilFirst(
            [far, near].map((endsAt) => ({ app, endsAt })),
            now,
          ),
          Math.floor(near.getTime() / day),
        );
      }),
    );
  });
});
