import assert from 'node:assert/strict';
import type { Actor } from '../../domain/access/actor.js';
import { createServices } from '../../domain/create-services.js';
import type { Services } from '../../domain/services.js';
import { actorIn, click, ingest, moveClock, openAlert, sourceAlert, updateTime } from '../helpers/builders.js';
import { insertTenant, testDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';

describe('an alert that comes back after retention has removed some of its past', () => {
  let t: TestDatabase;
  let services: Services;
  let tenantId: string;
  let ann: Actor;

  before(async () => {
    t = await testDatabase();
    services = createServices({ db: t.db });
    ({ tenantId } = await insertTenant(t.admin));
    ann = await actorIn(t.admin, tenantId, 'security_analyst', 'Ann');
  });
  after(() => t.drop());

  const newest = async () => {
    const row = await t
      .admin<{ id: string; recurrence_of: string | null; tenant_id: string; source_id: string }>('security_alerts')
      .where({ tenant_id: tenantId, source_id: 'da-old' })
      .first();
    assert.ok(row);
    return row;
  };
  const close = async (id: string) => {
    await services.alerts.take(click(ann, id));
    await services.alerts.close(click(ann, id), 'closed_benign', 'a known test of the red team');
  };
  let seconds = 0;
  const comesBack = async () => {
    await moveClock(t.admin, '6 minutes');
    const state = (status: string) =>
      sourceAlert({ microsoftAlertId: 'da-old', lastUpdate: updateTime((seconds += 1)), status });
    return ingest(t.db, tenantId, [state('resolved'), state('new')]);
  };

  it('takes the bare id all the same, beside what an incident has kept', async () => {
    const first = await openAlert(t.db, tenantId, { microsoftAlertId: 'da-old' });
    await services.alerts.take(click(ann, first));
    await services.alerts.investigate(click(ann, first));
    const { view } = await services.alerts.escalate(click(ann, first));
    await services.incidents.resolve(click(ann, view.incident?.id ?? ''), 'Host rebuilt.');
    await comesBack();
    const second = (await newest()).id;
    await close(second);
    await comesBack();
    await t.admin('security_alerts').where({ tenant_id: tenantId, id: second }).delete();
    const third = (await newest()).id;
    await close(third);
    assert.equal((await comesBack()).new, 1);
    assert.equal((await newest()).recurrence_of, third);
    assert.equal((await t.admin('security_alerts').where({ tenant_id: tenantId })).length, 3);
  });
});
