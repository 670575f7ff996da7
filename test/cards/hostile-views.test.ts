import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ValidateFunction } from 'ajv';
import { drawAlertCard } from '../../cards/alert-card.js';
import { CARD_BYTES, cardBytes } from '../../cards/card.js';
import { drawIncidentCard } from '../../cards/incident-card.js';
import { anyAlertView, anyIncidentView } from './arbitrary-views.js';
import { isHarmless } from './harmless.js';
import { hostileText, hostileTexts } from './hostile.js';
import { teamsCardValidator } from './teams-schema.js';
import { alertView, incidentView } from './views.js';
import { ofType } from './walk.js';

describe('hostile text in cards', () => {
  let isTeamsCard: ValidateFunction;
  before(function () {
    this.timeout(60_000);
    isTeamsCard = teamsCardValidator();
  });

  for (const [name, text] of Object.entries(hostileTexts)) {
    it(`${name} does no harm in any field of an alert or incident`, () => {
      const metadata = {
        category: text,
        serviceSource: text,
        recommendedActions: text,
        evidence: Array(20).fill(text) as string[],
      };
      const person = { userId: 'u', displayName: text, aadObjectId: null };
      const history = Array.from({ length: 5 }, () => ({ at: new Date(0), by: text, action: text, reason: text }));
      const fields = {
        title: text,
        description: text,
        threatName: text,
        affectedUser: text,
        sourceId: text,
        alertType: text,
      };
      const shared = { tenantName: text, history };
      const known = { health: text, isolation: text, compliance: text, onboarding: text };
      const device = { id: 'd', name: text, riskScore: 1, ...known, openActions: [] };
      const notes = { closedAt: new Date(0), closingNotes: text };
      const alert = alertView(
        { ...fields, ...notes, metadata },
        { ...shared, device, assignee: person, closedBy: person },
      );
      isHarmless(drawAlertCard(alert, { notice: text }), isTeamsCard);
      const outcome = { resolutionSummary: text, dismissalJustification: text };
      const alerts = incidentView().alerts.flatMap((one) =>
        Array.from({ length: 20 }, () => ({ ...one, title: text })),
      );
      const incident = incidentView(
        { title: text, description: text, ...outcome },
        { ...shared, owner: person, alerts },
      );
      isHarmless(drawIncidentCard(incident, { notice: text }), isTeamsCard);
    });
  }

  it('never breaks an alert card', () => {
    const cases = fc.property(anyAlertView, hostileText, (view, notice) => {
      isHarmless(drawAlertCard(view, { notice, refreshFor: Array(60).fill(`29:${'x'.repeat(90)}`) }), isTeamsCard);
    });
    fc.assert(cases, { numRuns: 150 });
  }).timeout(60_000);

  it('never breaks an incident card', () => {
    const cases = fc.property(anyIncidentView, hostileText, (view, notice) => {
      isHarmless(drawIncidentCard(view, { notice }), isTeamsCard);
    });
    fc.assert(cases, { numRuns: 150 });
  }).timeout(60_000);

  it('that looks like a template expression is shown as it was written, and none of ours is left', () => {
    const { content } = drawAlertCard(alertView({ title: '${title} ${$root.tenant}' }));
    assert.ok(ofType(content, 'TextRun').some((run) => run['text'] === '${title} ${$root.tenant}'));
    assert.doesNotMatch(JSON.stringify(drawAlertCard(alertView()).content), /\$\{/);
  });

  it('makes evidence give way first, and the title last', () => {
    const wide = (letter: string) => letter.repeat(2000);
    const lengths = (evidence: string, reason: string) => {
      const metadata = { evidence: Array(20).fill(evidence) as string[], recommendedActions: wide('🅰') };
      const history = Array.from({ length: 5 }, () => ({ at: new Date(0), by: 'Bo', action: 'alert.take', reason }));
      const { content } = drawAlertCard(alertView({ description: wide('🅳'), title: wide('🆃'), metadata }, { history }));
      assert.ok(cardBytes(content) <= CARD_BYTES);
      const runs = ofType(content, 'TextRun').map((run) => String(run['text']));
      return ['🆃', '🅳', '🅰', '🅴'].map((letter) =>
        runs.filter((run) => run.includes(letter)).map((run) => [...run].length),
      );
    };
    assert.deepEqual(lengths('🅴', ''), [[250], [800], [800], Array(10).fill(1)]);
    assert.deepEqual(lengths(wide('🅴'), ''), [[250], [800], [800], Array(5).fill(160)]);
    assert.deepEqual(lengths(wide('🅴'), wide('🆁')), [[250], [400], [400], Array(3).fill(100)]);
  });
});
