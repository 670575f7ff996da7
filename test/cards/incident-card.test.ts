import assert from 'node:assert/strict';
import { drawIncidentCard } from '../../cards/incident-card.js';
import { incidentStatuses } from '../../domain/incidents/incident.js';
import { incidentVerbs } from '../../domain/incidents/life-cycle.js';
import { deviceFacts, openAction } from './action-views.js';
import { at, incidentView } from './views.js';
import { ofType, texts, titles } from './walk.js';

describe('the incident card', () => {
  it('shows its owner, its clocks in words with the time left, its alerts and what was done', () => {
    const all = texts(drawIncidentCard(incidentView({ status: 'in_progress' })).content);
    for (const words of [
      '◆ Critical · INC-42',
      'In progress',
      'Bo Berg',
      '✓ met',
      '✕ breached 3 min ago',
      '◷ running, due in 7 h 45 min',
      'by {{TIME(2026-03-02T10:12:00Z)}}',
      '1 linked alert',
      '▲ A-1042 ',
      ' · Malware · Escalated · seen 6 times',
      'Bo Berg started work',
    ]) {
      assert.ok(all.split('\n').includes(words), `${words} in\n${all}`);
    }
  });

  it('says by how much a deadline was missed once the clock has stopped', () => {
    const clocks = [{ name: 'resolve', deadline: at('10:00:00'), stamp: at('12:30:00'), state: 'breached' }] as const;
    assert.match(texts(drawIncidentCard(incidentView({}, { clocks })).content), /^✕ breached by 2 h 30 min$/m);
  });

  for (const status of incidentStatuses) {
    it(`offers in state ${status} exactly the acts of the life cycle`, () => {
      const { content } = drawIncidentCard(incidentView({ status }));
      const verbs = (content['actions'] as { data: { verb: string } }[]).map((action) => action.data.verb);
      assert.deepEqual([...verbs].sort(), [...incidentVerbs(status)].sort());
      assert.ok(verbs.length <= 6);
    });
  }

  it('puts the next step first, and acts at once only on Start work', () => {
    const { content } = drawIncidentCard(incidentView());
    assert.deepEqual(titles(content), ['Start work', 'Resolve', 'Dismiss', 'Link alert', 'Hand over']);
    assert.deepEqual(
      ofType(content['actions'], 'Action.Execute').map((action) => action['verb']),
      ['incident.start'],
    );
  });

  it('names its devices, what is under way on them, and offers what fits one of them', () => {
    const devices = [
      deviceFacts({ openActions: [openAction()] }),
      deviceFacts({ id: 'd2', name: 'con-lap-0118', isolation: 'isolated', riskScore: 100 }),
    ];
    const { content } = drawIncidentCard(incidentView({ status: 'in_progress' }, { devices }));
    const all = texts(content);
    assert.match(all, /^▷ Isolation ACT-7 of con-lap-0117 waits for approval\.$/m);
    assert.match(all, /^con-lap-0118\u2003$/m);
    assert.match(all, /^risk critical \(100 of 100\) · health active · isolated · not compliant$/m);
    assert.deepEqual(titles(content), [
      'Resolve',
      'Dismiss',
      'Release device',
      'Scan device',
      'Link alert',
      'Hand over',
    ]);
  });

  it('has six buttons at most; a scan gives way first, then what admins do by command', () => {
    const one = deviceFacts({});
    assert.deepEqual(titles(drawIncidentCard(incidentView({}, { devices: [one] })).content), [
      'Start work',
      'Resolve',
      'Dismiss',
      'Isolate device',
      'Link alert',
      'Hand over',
    ]);
    const mixed = [one, deviceFacts({ id: 'd2', isolation: 'isolated' })];
    assert.deepEqual(titles(drawIncidentCard(incidentView({}, { devices: mixed })).content), [
      'Start work',
      'Resolve',
      'Dismiss',
      'Isolate device',
      'Release device',
      'Link alert',
    ]);
    assert.deepEqual(titles(drawIncidentCard(incidentView({ status: 'resolved' }, { devices: mixed })).content), [
      'Release device',
      'Reopen',
    ]);
  });

  it('shows how it ended', () => {
    const resolved = incidentView({ status: 'resolved', resolutionSummary: 'Rebuilt.', resolvedAt: at('11:00:00') });
    assert.match(texts(drawIncidentCard(resolved).content), /^Rebuilt\.$/m);
    const dismissed = incidentView({
      status: 'dismissed',
      dismissalJustification: 'A drill.',
      resolvedAt: at('11:00:00'),
    });
    assert.match(texts(drawIncidentCard(dismissed).content), /^A drill\.$/m);
  });

  it('counts all linked alerts even where it shows the first of them only', () => {
    const [first] = incidentView().alerts;
    assert.ok(first);
    const alerts = Array.from({ length: 25 }, (_, i) => ({ ...first, number: i + 1, isPrimary: i === 0 }));
    assert.match(
      texts(drawIncidentCard(incidentView({}, { alerts })).content),
      /^25 linked alerts, the first 10 shown$/m,
    );
  });
});
