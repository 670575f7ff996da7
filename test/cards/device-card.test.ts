import assert from 'node:assert/strict';
import { drawDeviceCard } from '../../cards/device-card.js';
import { drawDeviceChoice } from '../../cards/device-choice.js';
import { complianceWords, healthWords, isolationWords, riskWords } from '../../cards/device-words.js';
import { deviceView, openAction, tenantId } from './action-views.js';
import { at, entraTenantId } from './views.js';
import { ofType, texts, titles } from './walk.js';

describe('the card of a device', () => {
  it('shows what is known of it, in words', () => {
    const lines = texts(drawDeviceCard(deviceView()).content).split('\n');
    for (const line of [
      '▲ Risk high · Device',
      'Isolation not known',
      'con-lap-0117',
      'Windows 11 23H2',
      'contoso\\maya',
      'High (90 of 100)',
      'Medium',
      'Active',
      'Onboarded',
      'Not compliant',
      '{{DATE(2026-03-02T09:50:00Z, SHORT)}} {{TIME(2026-03-02T09:50:00Z)}}',
      '12, 3 of them with CVSS 7.0 or more',
      'BitLocker',
      'Finance',
    ]) {
      assert.ok(lines.includes(line), `${line} in\n${lines.join('\n')}`);
    }
  });

  it('says what is not known rather than to invent it', () => {
    const bare = { riskScore: null, health: null, onboarding: null, compliance: null, lastSeenAt: null, name: null };
    const all = texts(drawDeviceCard(deviceView({ ...bare, isStub: true }, { vulnerabilityCount: 0 })).content);
    assert.match(all, /^○ Risk not known · Device$/m);
    assert.match(all, /^Device without a name$/m);
    assert.match(all, /Known from an alert only/);
    assert.equal(all.match(/^Not known$/gm)?.length, 5);
    assert.match(all, /^None known$/m);
  });

  it('tells that a device is sensitive, and what is under way on it', () => {
    const view = deviceView({ deviceValue: 'High' }, { isSensitive: true, openActions: [openAction()] });
    const all = texts(drawDeviceCard(view).content);
    assert.match(all, /high-value device: acting on it always needs approval/);
    assert.match(all, /^▷ Isolation ACT-7 waits for approval\.$/m);
  });

  it('shows records that may be the same machine as a hint and nothing else', () => {
    const lookalikes = [{ id: 'd9', name: 'CON-LAP-0117', why: 'serial number' as const }];
    const { content } = drawDeviceCard(deviceView({}, { lookalikes }));
    assert.match(texts(content), /^CON-LAP-0117$/m);
    assert.match(texts(content), /may be the same machine\. They are never treated as such/);
    assert.ok(!JSON.stringify(content).includes('d9'), 'nothing leads to it');
  });

  it('offers what fits, and nothing on a record that is no device any more', () => {
    assert.deepEqual(titles(drawDeviceCard(deviceView()).content), ['Isolate device', 'Scan device']);
    assert.deepEqual(titles(drawDeviceCard(deviceView({ isolation: 'isolated' })).content), [
      'Release device',
      'Scan device',
    ]);
    assert.deepEqual(titles(drawDeviceCard(deviceView({ goneAt: at('09:00:00') })).content), []);
    assert.deepEqual(titles(drawDeviceCard(deviceView({ supersededBy: 'd3' })).content), []);
  });

  it('links to its page in Defender in the right tenant', () => {
    const [link] = ofType(drawDeviceCard(deviceView()).content, 'Action.OpenUrl');
    assert.match(
      String(link?.['url']),
      new RegExp(`^https://security\\.microsoft\\.com/machines/1e5b.*tid=${entraTenantId}$`),
    );
  });

  it('words are ours for the values we know, and as they were sent for the others', () => {
    assert.deepEqual(
      [healthWords('ImpairedCommunication'), healthWords('Sleeping'), healthWords(null)],
      ['health: communication impaired', 'health Sleeping', ''],
    );
    assert.deepEqual(
      [isolationWords('not_isolated'), complianceWords('inGracePeriod')],
      ['not isolated', 'not compliant, in the grace period'],
    );
    assert.deepEqual(
      [0, 10, 30, 60, 90, 100].map((score) => riskWords(score)),
      ['none', 'informational', 'low', 'medium', 'high', 'critical'].map(
        (word, i) => `risk ${word} (${[0, 10, 30, 60, 90, 100][i]} of 100)`,
      ),
    );
  });

  it('in a choice of several has a row and a button of its own, which brings the reason along', () => {
    const devices = ['a', 'b', 'c'].map((id) => ({
      id,
      name: `con-${id}`,
      operatingSystem: 'Windows 11',
      primaryUser: null,
      lastSeenAt: null,
    }));
    const { content } = drawDeviceChoice('con', devices, { verb: 'device.isolate', tenantId, reason: 'Emotet' });
    const buttons = ofType(content, 'Action.Submit');
    assert.deepEqual(
      buttons.map((button) => {
        const data = button['data'] as Record<string, unknown>;
        return [data['verb'], data['entityId'], data['reason'], data['msteams']];
      }),
      devices.map(({ id }) => ['device.isolate', id, 'Emotet', { type: 'task/fetch' }]),
    );
  });
});
