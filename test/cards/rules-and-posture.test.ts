import assert from 'node:assert/strict';
import { drawApprovals } from '../../cards/approvals-card.js';
import { drawPolicyChangeCard } from '../../cards/policy-card.js';
import { drawPolicyCard } from '../../cards/policy-rules-card.js';
import { drawPostureCard } from '../../cards/posture-card.js';
import { actionView, policyView, postureView } from './action-views.js';
import { at, bo } from './views.js';
import { ofType, texts, titles } from './walk.js';

describe('the card of a change of the rules', () => {
  it('says what changes, who wants it and why, and that a second admin has to agree', () => {
    const { content } = drawPolicyChangeCard(policyView());
    const all = texts(content);
    for (const line of ['Dry run: on → off', 'Ann Ek', 'The pilot is over', 'Bo Berg\u2003', '◷ Waiting for an admin'])
      assert.ok(all.split('\n').includes(line), `${line} in\n${all}`);
    assert.match(all, /when another admin confirms it, until \{\{DATE/);
    assert.deepEqual(titles(content), ['Confirm', 'Reject']);
  });

  it('says how it ended, and offers nothing then', () => {
    const decided = { decidedBy: bo.userId, decidedAt: at('10:05:00') };
    const confirmed = drawPolicyChangeCard(policyView({ status: 'confirmed', ...decided })).content;
    assert.match(texts(confirmed), /^✓ Confirmed by Bo Berg\.$/m);
    assert.deepEqual(titles(confirmed), []);
    assert.match(
      texts(drawPolicyChangeCard(policyView({ status: 'rejected', ...decided })).content),
      /nothing has changed/,
    );
    const back = policyView({ status: 'expired', decidedAt: at('10:05:00') });
    assert.match(texts(drawPolicyChangeCard(back).content), /Its proposer took it back/);
    const late = policyView({ status: 'expired', decidedAt: new Date('2026-03-03T10:00:01Z') });
    assert.match(texts(drawPolicyChangeCard(late).content), /Nobody confirmed it in time/);
  });

  it('has a card of the rules as they are, with names instead of ids', () => {
    const approval = { isolate: true, release: false, scan: false };
    const rules = {
      approval,
      peers: true,
      dryRun: true,
      breakGlass: [bo.userId, 'u9'],
      queueHours: 24,
      writeBack: false,
    };
    const all = texts(drawPolicyCard(rules, [bo], ['policy dry-run on|off <reason>']).content);
    assert.match(all, /^on: nothing is sent to Microsoft$/m);
    assert.match(all, /^Bo Berg and somebody who left may act alone$/m);
    assert.match(all, /^policy dry-run on\|off <reason>$/m);
  });
});

describe('the list of what waits', () => {
  it('has a row for each, which leads to its card', () => {
    const alone = actionView({ isBreakGlass: true, status: 'completed', number: 8, isDryRun: true });
    const { content } = drawApprovals([actionView(), alone], [policyView()]);
    const all = texts(content);
    assert.match(all, /^3 wait for a second person$/m);
    assert.match(all, /^■ ACT-7 · Isolate device: con-lap-0117$/m);
    assert.match(all, /^■ ACT-8 · Isolate device \(dry run\): con-lap-0117$/m);
    assert.match(all, /^▲ Break-glass: waits for review$/m);
    assert.match(all, /^Ann Ek: Dry run: on → off$/m);
    assert.deepEqual(
      ofType(content, 'Action.Execute').map(({ verb, data }) => [verb, (data as { entity: string }).entity]),
      [
        ['card.refresh', 'policy_change'],
        ['card.refresh', 'action'],
        ['card.refresh', 'action'],
      ],
    );
  });

  it('says so when nothing waits', () => {
    assert.match(texts(drawApprovals([], []).content), /^Nothing waits for you$/m);
  });
});

describe('the posture card', () => {
  it('shows score, band, factors, trend and what pulls it down, in words', () => {
    const all = texts(drawPostureCard(postureView()).content);
    for (const line of [
      '● Fair · Posture',
      '+3 since yesterday',
      '72 of 100',
      'Trend: +3 since yesterday, −5 in 7 days.',
      '70 of 100 · mean risk 30 of 100 over 10 devices, 2 of high risk',
      '64 of 100 · 0 critical, 2 high, 3 medium, 5 low',
      '78 of 100 · 5 CVEs of 7.0 or more',
      '80 of 100 · 8 of 10 compliant',
      'con-lap-0117\u2003',
      'CVSS 10.0 on 3 devices',
      'BitLocker\u2003',
    ]) {
      assert.ok(all.split('\n').includes(line), `${line} in\n${all}`);
    }
  });

  it('says which factor had no data, and that there is nothing to compare with', () => {
    const { posture } = postureView();
    assert.ok(posture);
    const factors = { ...posture.factors, vulnerabilities: null };
    const view = postureView({ posture: { ...posture, factors }, previous: null, weekAgo: null });
    const all = texts(drawPostureCard(view).content);
    assert.match(all, /^No data yet: left out$/m);
    assert.match(all, /^No earlier score to compare with yet\.$/m);
  });

  it('has no score when no device is known', () => {
    const all = texts(drawPostureCard(postureView({ posture: null })).content);
    assert.match(all, /Insufficient data: no device is known/);
    assert.doesNotMatch(all, /of 100/);
  });
});
