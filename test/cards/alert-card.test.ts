import assert from 'node:assert/strict';
import { drawAlertCard } from '../../cards/alert-card.js';
import type { DeviceFacts } from '../../domain/alerts/alert-view.js';
import { alertStatuses, severities } from '../../domain/alerts/alert.js';
import type { AlertStatus } from '../../domain/alerts/alert.js';
import { alertVerbs } from '../../domain/alerts/life-cycle.js';
import { deviceFacts, openAction } from './action-views.js';
import { alertView, at, bo, entraTenantId } from './views.js';
import { ofType, parts, texts, titles } from './walk.js';

describe('the alert card', () => {
  it('shows the six mandatory fields, the device, the user and the threat without a click', () => {
    const { content } = drawAlertCard(alertView());
    const hidden = parts(content).filter((part) => part['isVisible'] === false);
    const shown = texts({
      ...content,
      body: JSON.parse(
        JSON.stringify(content['body'], (key, value: unknown) =>
          value !== null && typeof value === 'object' && 'isVisible' in value ? undefined : value,
        ),
      ) as unknown,
    });
    for (const field of [
      '▲ High · A-1042',
      'Emotet malware was prevented',
      'Malware',
      'EDR · Microsoft Defender for Endpoint',
      '{{DATE(2026-03-02T09:00:00Z, SHORT)}} {{TIME(2026-03-02T09:00:00Z)}}',
      'Open',
      'desk-01.contoso.com · risk high (90 of 100) · health active · not compliant',
      'contoso\\svc_backup',
      'Trojan:Win32/Emotet.A',
      'Contoso',
      '{{TIME(2026-03-02T09:30:00Z)}} · overdue by 12 min',
    ]) {
      assert.ok(shown.split('\n').includes(field), `${field} in\n${shown}`);
    }
    assert.match(shown, /^Seen 6 times, first \{\{DATE.*last \{\{DATE/m);
    assert.deepEqual(
      hidden.map((part) => part['id']),
      ['why', 'evidence', 'history'],
    );
  });

  it('tells severities apart by word and shape, not by colour alone', () => {
    const headings = severities.map(
      (severity) => ofType(drawAlertCard(alertView({ severity })).content, 'TextBlock')[0],
    );
    assert.deepEqual(
      headings.map((heading) => heading?.['text']),
      ['◆ Critical · A-1042', '▲ High · A-1042', '● Medium · A-1042', '○ Low · A-1042'],
    );
  });

  it('says why somebody sees it, what happened and what was done, each behind a link', () => {
    const { content } = drawAlertCard(alertView());
    const toggles = ofType(content, 'Action.ToggleVisibility');
    assert.deepEqual(
      toggles.map((toggle) => toggle['targetElements']),
      [['why'], ['evidence'], ['history']],
    );
    const all = texts(content);
    assert.match(all, /^edr · da637551227677560813_-961444813$/m);
    assert.match(all, /^File invoice\.docm/m);
    assert.match(all, /^Bo Berg put it back into the queue: Shift ends$/m);
  });

  for (const status of alertStatuses) {
    it(`offers in state ${status} exactly the acts of the life cycle and of its device, with ids only`, () => {
      const { alert } = alertView({ status, version: 7 });
      const actions = ofType(
        drawAlertCard(alertView({ status, version: 7 })).content['actions'],
        'Action.Execute',
      ).concat(
        ofType(
          (drawAlertCard(alertView({ status, version: 7 })).content['actions'] as unknown[]).map((action) => ({
            ...(action as object),
            fallback: null,
          })),
          'Action.Submit',
        ),
      );
      const data = actions.map((action) => action['data'] as Record<string, unknown>);
      const onDevice = status.startsWith('closed') ? [] : ['device.isolate', 'device.scan'];
      assert.deepEqual(data.map((one) => one['verb']).sort(), [...alertVerbs(status), ...onDevice].sort());
      for (const { verb: _, msteams: __, ...ids } of data) {
        assert.deepEqual(ids, { tenantId: alert.tenantId, entity: 'alert', entityId: alert.id, version: 7, schema: 1 });
      }
    });
  }

  it('opens a dialog for what needs words and acts at once on the rest', () => {
    const { content } = drawAlertCard(alertView({ status: 'investigating' }));
    assert.deepEqual(titles(content), [
      'Escalate',
      'Close',
      'Isolate device',
      'Scan device',
      'Back to queue',
      'Assign to someone',
    ]);
    const kinds = (content['actions'] as Record<string, unknown>[]).map((action) => [
      action['type'],
      ((action['data'] as Record<string, unknown>)['msteams'] as { type?: string } | undefined)?.type ?? 'none',
    ]);
    assert.deepEqual(kinds, [
      ['Action.Execute', 'none'],
      ...Array.from({ length: 5 }, () => ['Action.Submit', 'task/fetch']),
    ]);
  });

  it('offers what fits its device: a release of what is isolated, nothing anew while something is under way', () => {
    const titlesWith = (device: Partial<DeviceFacts>, status: AlertStatus = 'escalated') =>
      titles(drawAlertCard(alertView({ status }, { device: deviceFacts(device) })).content);
    assert.deepEqual(titlesWith({ isolation: 'not_isolated' }), ['Isolate device', 'Scan device']);
    assert.deepEqual(titlesWith({ isolation: 'selectively_isolated' }), ['Release device', 'Scan device']);
    assert.deepEqual(titlesWith({ openActions: [openAction()] }), ['Scan device']);
    assert.deepEqual(titlesWith({ openActions: [openAction({ status: 'unknown' })] }), [
      'Release device',
      'Scan device',
    ]);
    assert.deepEqual(titlesWith({ openActions: [openAction({ kind: 'scan' })] }), ['Isolate device']);
    assert.deepEqual(titlesWith({ isolation: 'isolated', openActions: [openAction({ kind: 'unisolate' })] }), [
      'Scan device',
    ]);
    assert.deepEqual(titlesWith({}, 'closed_benign'), ['Reopen']);
    assert.deepEqual(titlesWith({ isolation: 'isolated' }, 'closed_benign'), ['Release device', 'Reopen']);
    assert.deepEqual(titles(drawAlertCard(alertView({ status: 'escalated' }, { device: null })).content), []);
  });

  it('never has more than six buttons', () => {
    for (const status of alertStatuses) {
      for (const isolation of [null, 'isolated']) {
        const { content } = drawAlertCard(alertView({ status }, { device: deviceFacts({ isolation }) }));
        assert.ok(titles(content).length <= 6, `${status} ${isolation}`);
      }
    }
  });

  it('says what is under way on its device', () => {
    const device = deviceFacts({
      openActions: [openAction(), openAction({ kind: 'scan', number: 8, status: 'pending' })],
    });
    const all = texts(drawAlertCard(alertView({}, { device })).content);
    assert.match(all, /^▷ Isolation ACT-7 waits for approval\.$/m);
    assert.match(all, /^▷ Scan ACT-8 is queued at Microsoft\.$/m);
  });

  it('offers Close first once Microsoft has resolved the alert, and only while it is work of ours', () => {
    const sourceResolvedAt = at('09:41:00');
    const { content } = drawAlertCard(alertView({ status: 'investigating', sourceResolvedAt }));
    assert.equal(titles(content)[0], 'Close');
    assert.match(texts(content), /Resolved at Microsoft .*Close it here if you agree\./);
    assert.match(
      texts(drawAlertCard(alertView({ sourceResolvedAt })).content),
      /Take it, then close it if you agree\./,
    );
    const closed = alertView({ status: 'closed_benign', sourceResolvedAt, closedAt: at('09:41:30') });
    assert.doesNotMatch(texts(drawAlertCard(closed).content), /Resolved at Microsoft/);
  });

  it('links to its incident, to the alert it repeats and to Defender in the right tenant', () => {
    const incident = { id: 'x', number: 42, status: 'in_progress' } as const;
    const { content } = drawAlertCard(alertView({ status: 'escalated' }, { incident, recurrenceOfNumber: 17 }));
    assert.match(texts(content), /^INC-42 · In progress$/m);
    assert.match(texts(content), /^A-17$/m);
    const [link] = ofType(content, 'Action.OpenUrl');
    assert.equal(
      link?.['url'],
      `https://security.microsoft.com/alerts/da637551227677560813_-961444813?tid=${entraTenantId}`,
    );
    assert.deepEqual(ofType(drawAlertCard(alertView({}, { entraTenantId: null })).content, 'Action.OpenUrl'), []);
  });

  it('shows who closed it, when and why', () => {
    const closing = {
      status: 'closed_benign',
      closedAt: at('09:41:00'),
      closingNotes: 'A test of the gateway.',
    } as const;
    const all = texts(drawAlertCard(alertView(closing, { closedBy: bo })).content);
    assert.match(all, /^Closed as benign$/m);
    assert.match(all, /^A test of the gateway\.$/m);
  });

  it('carries a notice on top and lets the named clients refresh it, ten at most', () => {
    const refreshFor = Array.from({ length: 12 }, (_, i) => `29:${i}`);
    const { content } = drawAlertCard(alertView(), { notice: 'Bo took this 4 s ago.', refreshFor });
    assert.match(texts((content['body'] as unknown[])[0]), /Bo took this 4 s ago\./);
    const refresh = content['refresh'] as { userIds: string[]; action: Record<string, unknown> };
    assert.deepEqual(refresh.userIds, refreshFor.slice(0, 10));
    assert.equal(refresh.action['verb'], 'card.refresh');
    assert.equal('refresh' in drawAlertCard(alertView()).content, false);
  });

  it('has one line for a toast, in plain words', () => {
    const { summary } = drawAlertCard(alertView({ title: '**Urgent** [click](https://evil.example)' }));
    assert.equal(summary, '▲ High A-1042 · ∗∗Urgent∗∗ ［click］(hxxps://evil.example) · Open');
  });
});
