import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createAlertGenerator, scenarios } from '../../sandbox/cloud/alert-generator.js';
import { createSandboxCloud } from '../../sandbox/cloud/cloud.js';
import { loadDataFolder } from '../../sandbox/cloud/data-folder.js';
import { sandboxTenants } from '../../sandbox/cloud/tenants.js';
import type { GraphAlert } from '../../sandbox/cloud/tenants.js';

const [contoso, fabrikam] = sandboxTenants;
const tenant = contoso.entraTenantId;
const now = new Date('2026-05-04T09:00:00Z');
const real = fileURLToPath(new URL('../../../shared/data/real', import.meta.url));

describe('the alerts of the sandbox', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'sandbox-'))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const write = (name: string, content: unknown) =>
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));

  it('are a working queue for each company: at least 12 of the last 20 hours, of mixed severity, some done', () => {
    for (const company of [contoso, fabrikam]) {
      const seeds = createAlertGenerator(company).seeds(now);
      assert.ok(seeds.length >= 12);
      for (const { createdDateTime, lastUpdateDateTime } of seeds) {
        const age = now.getTime() - Date.parse(createdDateTime ?? '');
        assert.ok(age > 0 && age < 20 * 3600 * 1000, createdDateTime);
        assert.ok(Date.parse(lastUpdateDateTime ?? '') <= now.getTime());
      }
      const words = (member: string) => new Set(seeds.map((alert) => alert[member]));
      assert.ok(words('severity').size >= 3);
      assert.deepEqual([...words('status')].sort(), ['inProgress', 'new', 'resolved']);
    }
  });

  it('are the same for the same seed and differ between companies', () => {
    const ids = (...args: Parameters<typeof createAlertGenerator>) =>
      createAlertGenerator(...args)
        .seeds(now)
        .map(({ id }) => id);
    assert.deepEqual(ids(contoso), ids(contoso));
    assert.equal(
      ids(contoso).some((id) => ids(fabrikam).includes(id)),
      false,
    );
    assert.notDeepEqual(ids(contoso, 1), ids(contoso, 2));
  });

  it('tell at least 25 stories in the shape of Microsoft, with fictional names only', () => {
    const generator = createAlertGenerator(contoso);
    const alerts = scenarios.map(() => generator.next(now));
    assert.ok(new Set(alerts.map((alert) => String(alert['title']))).size >= 25);
    const text = JSON.stringify(alerts);
    const addresses = text.match(/\b\d{1,3}(\.\d{1,3}){3}\b/g) ?? [];
    assert.deepEqual(
      addresses.filter((ip) => !/^(192\.0\.2|198\.51\.100|203\.0\.113|127\.0\.0)\./.test(ip)),
      [],
    );
    for (const alert of alerts) {
      const evidence = alert['evidence'] as { '@odata.type': string }[];
      assert.ok(evidence.every((one) => one['@odata.type'].startsWith('#microsoft.graph.security.')));
    }
  });

  it('get strictly later update times, even many within one millisecond and with a clock that goes back', () => {
    let clock = now;
    const cloud = createSandboxCloud({ clock: () => clock });
    const first = cloud.burst(tenant, 300).map((alert) => String(alert.lastUpdateDateTime));
    clock = new Date(now.getTime() - 5000);
    const times = [...first, String(cloud.raiseAlert(tenant).lastUpdateDateTime)];
    assert.deepEqual(times, [...new Set(times)].sort());
    assert.ok(times.every((time) => /\.\d{7}Z$/.test(time)));
  });

  it('survive a restart, without the line that a crash tore', () => {
    const stateFile = join(folder, 'state', 'alerts.jsonl');
    const cloud = createSandboxCloud({ stateFile });
    const raised = cloud.raiseAlert(tenant, { title: 'raised by hand' });
    cloud.updateAlert(tenant, raised.id ?? '', { status: 'resolved' });
    appendFileSync(stateFile, '{"kind":"raised","tenant":"');
    const again = createSandboxCloud({ stateFile });
    assert.deepEqual(again.alerts(tenant), cloud.alerts(tenant));
    assert.equal(again.alerts(tenant).find(({ id }) => id === raised.id)?.status, 'resolved');
    again.raiseAlert(tenant);
    assert.equal(createSandboxCloud({ stateFile }).alerts(tenant).length, cloud.alerts(tenant).length + 1);
  });

  it('are not mixed with seeds of an earlier run when a folder is served', () => {
    const stateFile = join(folder, 'alerts.jsonl');
    createSandboxCloud({ stateFile });
    const alerts: GraphAlert[] = [{ id: 'own', lastUpdateDateTime: '2026-05-01T00:00:00Z' }];
    const cloud = createSandboxCloud({ stateFile, tenants: [{ ...contoso, alerts }, fabrikam] });
    assert.deepEqual(cloud.alerts(tenant), alerts);
    cloud.updateAlert(tenant, 'own', { status: 'resolved' });
    const again = createSandboxCloud({ stateFile, tenants: [{ ...contoso, alerts }, fabrikam] });
    assert.equal(again.alerts(tenant)[0]?.status, 'resolved');
  });

  it('refuse a state file with nonsense in the middle', () => {
    const stateFile = join(folder, 'alerts.jsonl');
    createSandboxCloud({ stateFile });
    writeFileSync(stateFile, `nonsense\n${readFileSync(stateFile, 'utf8')}`);
    assert.throws(() => createSandboxCloud({ stateFile }), /line 1: not a record/);
  });

  it('come from a folder as a page, several pages, a list, in several files, or not at all', async () => {
    write('alerts_v2.json', { value: [{ id: 'a' }] });
    write('alerts-2.json', [{ value: [{ id: 'b' }] }, { value: [{ id: 'c' }] }]);
    write('alerts-3.json', '\uFEFF[{"id":"d"}]');
    write('notes.json', 'is not looked at');
    const { alerts, files, ignored } = await loadDataFolder(folder);
    assert.deepEqual(alerts.map(({ id }) => id).sort(), ['a', 'b', 'c', 'd']);
    assert.equal(files.length, 3);
    assert.deepEqual(ignored, ['notes.json']);
    mkdirSync(join(folder, 'empty'));
    assert.deepEqual((await loadDataFolder(join(folder, 'empty'))).alerts, []);
  });

  it('name the file and the place when a folder is broken', async () => {
    write('alerts.json', '{\n  "value": [ { "id": } ]\n}');
    await assert.rejects(loadDataFolder(folder), /alerts\.json, line 2, column 22/);
    write('alerts.json', '{"value": [{"id": "a"}');
    await assert.rejects(loadDataFolder(folder), /alerts\.json, line 1, column 23/);
    write('alerts.json', '[\n{"a": [1, -2.5e3, true, "x\\n\\u00e9", {}, []], "b": "c\nd"}]');
    await assert.rejects(loadDataFolder(folder), /alerts\.json, line 2, column 52/);
    write('alerts.json', { value: [{ id: 'a' }, 7] });
    await assert.rejects(loadDataFolder(folder), /alerts\.json, page 1, record 2/);
    write('alerts.json', { alerts: [] });
    await assert.rejects(loadDataFolder(folder), /alerts\.json: expected a page/);
    await assert.rejects(loadDataFolder(join(folder, 'nowhere')), /SANDBOX_DATA.*nowhere.*ENOENT/);
  });

  it('come whole from the folder of real alerts, where it is there', async function () {
    if (!existsSync(real)) return this.skip();
    const { alerts } = await loadDataFolder(real);
    const cloud = createSandboxCloud({ tenants: [{ ...contoso, alerts }] });
    assert.equal(cloud.alerts(tenant).length, 189);
  });
});
