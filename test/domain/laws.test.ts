import assert from 'node:assert/strict';
import fc from 'fast-check';
import { inTenant } from '../../database/transaction.js';
import type { Actor } from '../../domain/access/actor.js';
import { severities } from '../../domain/alerts/alert.js';
import type { AlertListPage } from '../../domain/alerts/alert-list.js';
import { ingestItems } from '../../domain/alerts/ingest/ingest-items.js';
import { alertMove, alertVerbNames } from '../../domain/alerts/life-cycle.js';
import type { AlertVerb } from '../../domain/alerts/life-cycle.js';
import { severityRank } from '../../domain/alerts/severity.js';
import { createServices } from '../../domain/create-services.js';
import { incidentMove, incidentVerbNames } from '../../domain/incidents/life-cycle.js';
import type { IncidentVerb } from '../../domain/incidents/life-cycle.js';
import type { Changed, Click, Services } from '../../domain/services.js';
import { actorIn, click, ingest, openAlert, sourceAlert, sourceDevice, updateTime } from '../helpers/builders.js';
import { insertTenant, testDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';
import { sourceItem } from '../helpers/items.js';

const notes = 'a known test of the red team';
import { first, rowsOf } from '../helpers/rows.js';

describe('laws of the domain', () => {
  let t: TestDatabase;
  let services: Services;
  let tenantId: string;
  let ann: Actor;
  let bo: Actor;
  let manager: Actor;

  before(async () => {
    t = await testDatabase();
    services = createServices({ db: t.db });
  });
  after(() => t.drop());
  beforeEach(newTenant);

  async function newTenant(): Promise<void> {
    ({ tenantId } = await insertTenant(t.admin));
    ann = await actorIn(t.admin, tenantId, 'security_analyst', 'Ann');
    bo = await actorIn(t.admin, tenantId, 'security_analyst', 'Bo');
    manager = await actorIn(t.admin, tenantId, 'tenant_admin', 'Mia');
  }

  const check = async <T>(runs: number, given: fc.Arbitrary<T>, law: (value: T) => Promise<void>) => {
    const property = fc.asyncProperty(given, async (value) => {
      await newTenant();
      await law(value);
    });
    await fc.assert(property, { numRuns: runs, endOnFailure: true });
  };
  const alerts = () => rowsOf(t.admin, 'security_alerts', tenantId);

  const acts: Record<AlertVerb, (c: Click) => Promise<Changed<unknown>>> = {
    'alert.take': (c) => services.alerts.take(c),
    'alert.assign': (c) => services.alerts.assign(c, c.actor.userId === ann.userId ? bo.userId : ann.userId, 'ill'),
    'alert.investigate': (c) => services.alerts.investigate(c),
    'alert.escalate': (c) => services.alerts.escalate(c),
    'alert.close': (c) => services.alerts.close(c, 'closed_benign', notes),
    'alert.release': (c) => services.alerts.release(c, 'end of shift'),
    'alert.reopen': (c) => services.alerts.reopen(c, 'was wrong'),
  };
  const incidentActs: Record<
    Exclude<IncidentVerb, 'incident.linkAlert' | 'incident.handOver'>,
    (c: Click) => Promise<Changed<unknown>>
  > = {
    'incident.start': (c) => services.incidents.start(c),
    'incident.resolve': (c) => services.incidents.resolve(c, 'cleaned'),
    'incident.dismiss': (c) => services.incidents.dismiss(c, 'a drill'),
    'incident.reopen': (c) => services.incidents.reopen(c, 'it is back'),
  };

  it('states of an alert are counted once each, whoever reads them and however they are cut into batches', async () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 6 });
    const given = fc.record({
      states: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 }),
      writers: fc.array(cuts, { minLength: 2, maxLength: 4 }),
    });
    await check(12, given, async ({ states, writers }) => {
      const device = sourceDevice();
      const read = states
        .flatMap((count, key) => Array.from({ length: count }, (_, second) => ({ key, second })))
        .toSorted((a, b) => a.second - b.second)
        .map(({ key, second }) =>
          sourceAlert({ microsoftAlertId: `da${key}`, lastUpdate: updateTime(second), device }),
        );
      const results = await Promise.all(
        writers.map(async (sizes) => {
          const left = [...read];
          const made = [];
          for (let i = 0; left.length > 0; i += 1)
            made.push(await ingest(t.db, tenantId, left.splice(0, sizes[i % sizes.length])));
          return made;
        }),
      );
      const rows = await alerts();
      const counted = Object.fromEntries(rows.map((row) => [row.source_id, row.seen_count]));
      assert.deepEqual(counted, Object.fromEntries(states.map((count, key) => [`da${key}`, count])));
      assert.deepEqual(
        rows.map((row) => row.number).toSorted((a, b) => a - b),
        states.map((_, i) => i + 1),
      );
      const all = results.flat();
      assert.equal(
        all.reduce((sum, one) => sum + one.new + one.repeated, 0),
        read.length,
      );
      assert.equal((await t.admin('edr_devices').where({ tenant_id: tenantId })).length, 1);
    });
  });

  it('items without a mirror are counted exactly, by several writers of the same ids at once', async () => {
    const batch = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 12 });
    await check(15, fc.array(batch, { minLength: 3, maxLength: 6 }), async (batches) => {
      await Promise.all(
        batches.map((keys) =>
          inTenant(t.db, tenantId, (trx) =>
            ingestItems(
              trx,
              'firewall',
              keys.map((key) => sourceItem({ externalId: `fw${key}` })),
            ),
          ),
        ),
      );
      const all = batches.flat();
      const rows = await alerts();
      const counted = new Map(rows.map((row) => [row.source_id.slice(-3), row.seen_count]));
      for (const key of new Set(all)) assert.equal(counted.get(`fw${key}`), all.filter((one) => one === key).length);
      assert.deepEqual(
        rows.map((row) => row.number),
        [...new Set(all)].map((_, i) => i + 1),
        'no number is lost',
      );
    });
  });

  it('the queue shows all that is open, gravest and oldest first, and nothing that somebody has', async () => {
    const one = fc.record({
      severity: fc.constantFrom(...severities),
      taker: fc.constantFrom('nobody', 'nobody', 'ann', 'bo'),
    });
    const pages = async (read: (cursor: string | null) => Promise<AlertListPage>) => {
      const items = [];
      let page = await read(null);
      for (;;) {
        items.push(...page.items);
        assert.ok(page.items.length <= 10);
        if (page.nextCursor === null) break;
        page = await read(page.nextCursor);
      }
      assert.equal(page.total, items.length);
      return items;
    };
    await check(6, fc.array(fc.array(one, { maxLength: 14 }), { minLength: 1, maxLength: 3 }), async (batches) => {
      const takers = { ann, bo } as const;
      const all: string[] = [];
      for (const batch of batches) {
        const { ids } = await ingest(
          t.db,
          tenantId,
          batch.map(({ severity }) => sourceAlert({ severity })),
        );
        for (const [i, { taker }] of batch.entries())
          if (taker !== 'nobody') await services.alerts.take(click(takers[taker], ids[i] ?? ''));
        all.push(...ids);
      }
      const queue = await pages((cursor) => services.alerts.queue(manager, cursor));
      const [hers, his] = [
        await pages((c) => services.alerts.mine(ann, c)),
        await pages((c) => services.alerts.mine(bo, c)),
      ];
      const key = (item: (typeof queue)[number]) =>
        [severityRank(item.severity), item.createdAt.getTime(), item.id] as const;
      for (const [i, item] of queue.entries()) {
        const previous = queue[i - 1];
        if (previous) assert.ok(key(previous) < key(item) || compare(key(previous), key(item)) < 0, 'in order');
      }
      const seen = [...queue, ...hers, ...his].map((item) => item.id);
      assert.equal(new Set(seen).size, seen.length, 'disjoint');
      assert.deepEqual(seen.toSorted(), all.toSorted(), 'complete');
    });
  });

  it('of people who take an alert in the same instant one wins, and the others read who did', async () => {
    await check(6, fc.integer({ min: 2, max: 6 }), async (people) => {
      const id = await openAlert(t.db, tenantId);
      const crowd = await Promise.all(
        Array.from({ length: people }, (_, i) => actorIn(t.admin, tenantId, 'security_analyst', `P${i}`)),
      );
      const outcomes = await Promise.allSettled(crowd.map((who) => services.alerts.take(click(who, id))));
      const winners = crowd.filter((_, i) => outcomes[i]?.status === 'fulfilled');
      assert.equal(winners.length, 1);
      for (const lost of outcomes.filter((one) => one.status === 'rejected'))
        assert.match((lost.reason as Error).message, new RegExp(`^${winners[0]?.displayName} took this`));
      const row = first(await alerts());
      assert.deepEqual([row.assigned_to, row.version], [winners[0]?.userId, 2]);
    });
  });

  it('no act leads out of the life cycle of an alert, and every act in it works', async () => {
    await check(15, fc.array(fc.constantFrom(...alertVerbNames), { maxLength: 12 }), async (verbs) => {
      const id = await openAlert(t.db, tenantId);
      for (const verb of verbs) {
        const before = first(await alerts());
        const holder = before.assigned_to === bo.userId ? bo : ann;
        const actor = verb === 'alert.assign' ? { ...manager, userId: manager.userId } : holder;
        const to = alertMove(verb, before.status);
        const assign = (c: Click) =>
          services.alerts.assign(c, holder === ann && before.assigned_to ? bo.userId : ann.userId, 'ill');
        const act = (verb === 'alert.assign' ? assign : acts[verb])(click(actor, id));
        await act.then(
          () => assert.ok(to, `${verb} from ${before.status}`),
          (error: Error) => {
            assert.equal(to, null, `${verb} from ${before.status}: ${error.message}`);
          },
        );
        const after = first(await alerts());
        assert.ok(
          to ? to.includes(after.status) && after.version === before.version + 1 : after.version === before.version,
        );
        if (!to) assert.equal(after.status, before.status);
      }
    });
  });

  it('no act leads out of the life cycle of an incident', async () => {
    const verbs = incidentVerbNames.filter((verb) => verb !== 'incident.linkAlert' && verb !== 'incident.handOver');
    await check(8, fc.array(fc.constantFrom(...verbs), { maxLength: 8 }), async (sequence) => {
      const id = await incidentOf(ann);
      for (const verb of sequence) {
        const before = (await services.incidents.view(ann, id)).incident;
        const to =
          incidentMove(verb, before.status) ??
          (verb === 'incident.start' && before.status === 'in_progress' ? 'in_progress' : null);
        await incidentActs[verb](click(ann, id)).then(
          () => assert.ok(to),
          () => assert.equal(to, null, `${verb} from ${before.status}`),
        );
        assert.equal((await services.incidents.view(ann, id)).incident.status, to ?? before.status);
      }
    });
  });

  async function incidentOf(who: Actor): Promise<string> {
    const id = await openAlert(t.db, tenantId);
    await services.alerts.take(click(who, id));
    await services.alerts.investigate(click(who, id));
    return (await services.alerts.escalate(click(who, id))).view.incident?.id ?? '';
  }

  it('what belongs to somebody is changed by nobody else who has no right to', async () => {
    const own = ['alert.investigate', 'alert.escalate', 'alert.close', 'alert.release', 'alert.reopen'] as const;
    await check(8, fc.array(fc.constantFrom(...own), { minLength: 1, maxLength: 8 }), async (verbs) => {
      const id = await openAlert(t.db, tenantId);
      await services.alerts.take(click(ann, id));
      for (const verb of verbs) {
        const before = first(await alerts());
        await assert.rejects(acts[verb](click(bo, id)));
        assert.deepEqual(first(await alerts()), before);
        await acts[verb](click(ann, id)).catch(() => undefined);
        if (first(await alerts()).status === 'open') await services.alerts.take(click(ann, id));
      }
      const incident = await incidentOf(ann);
      for (const act of Object.values(incidentActs)) await assert.rejects(act(click(bo, incident)));
    });
  });

  it('a click that comes several times, also at once, has one effect and a sensible answer each time', async () => {
    await check(8, fc.integer({ min: 2, max: 5 }), async (times) => {
      const id = await openAlert(t.db, tenantId);
      for (const verb of ['alert.take', 'alert.investigate', 'alert.release', 'alert.take', 'alert.close'] as const) {
        const one = click(ann, id);
        const before = first(await alerts());
        const answers = await Promise.all(Array.from({ length: times }, () => acts[verb](one)));
        assert.deepEqual(answers.map((answer) => answer.repeated).toSorted(), [
          false,
          ...Array<boolean>(times - 1).fill(true),
        ]);
        assert.equal((await acts[verb](one)).repeated, true);
        assert.equal(first(await alerts()).version, before.version + 1);
      }
      assert.equal((await t.admin('audit_log').where({ tenant_id: tenantId, entity_id: id })).length, 5);
    });
  });

  it('row security shows and changes one tenant only, with no WHERE at all', async () => {
    const mine = tenantId;
    await ingest(t.db, mine, [sourceAlert({ device: sourceDevice() })]);
    await newTenant();
    const other = tenantId;
    await incidentOf(ann);
    await ingest(t.db, other, [sourceAlert({ device: sourceDevice() })]);
    const { rows: tables } = await t.admin.raw<{ rows: { name: string }[] }>(
      `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
       where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and has_table_privilege('avian_app', c.oid, 'select')
         and c.relname not in ('users', 'investigation_playbooks', 'playbook_classification_links')`,
    );
    assert.ok(tables.length >= 15);
    for (const { name } of tables) {
      const foreign = await inTenant(t.db, mine, async (trx) => {
        const seen = (await trx.sql.raw<{ rows: { tenant_id: string }[] }>(`select tenant_id from ${name}`)).rows;
        return seen.filter((row) => row.tenant_id !== mine);
      });
      assert.deepEqual(foreign, [], name);
    }
    const changed = await inTenant(t.db, mine, (trx) =>
      trx.sql.raw<{ rowCount: number }>("update security_alerts set title = 'x'"),
    );
    assert.equal(changed.rowCount, 1);
    const smuggled = inTenant(t.db, mine, (trx) =>
      trx.sql('tenant_counters').insert({ tenant_id: other, kind: 'alert', last_number: 0 }),
    );
    await assert.rejects(smuggled, { code: '42501' });
  });
});

function compare(a: readonly [number, number, string], b: readonly [number, number, string]): number {
  return a[0] - b[0] || a[1] - b[1] || (a[2] < b[2] ? -1 : 1);
}
