import fc from 'fast-check';
import type { ValidateFunction } from 'ajv';
import { drawActionCard } from '../../cards/action-card.js';
import { drawApprovals } from '../../cards/approvals-card.js';
import type { Card } from '../../cards/card.js';
import { drawDeviceCard } from '../../cards/device-card.js';
import { drawDeviceChoice } from '../../cards/device-choice.js';
import { deviceDialog, rejectDialog, rejectPolicyDialog } from '../../cards/dialog-action.js';
import type { Dialog } from '../../cards/dialog.js';
import { requestDialog } from '../../cards/dialog-request.js';
import { entityData } from '../../cards/layout.js';
import { drawPolicyChangeCard } from '../../cards/policy-card.js';
import { drawPolicyCard } from '../../cards/policy-rules-card.js';
import { drawPostureCard } from '../../cards/posture-card.js';
import { deviceVerbNames } from '../../domain/devices/device.js';
import { anyActionView, anyDeviceView, anyForm, anyPolicyView, anyPostureView } from './arbitrary-actions.js';
import { actionView, tenantId } from './action-views.js';
import { isHarmless } from './harmless.js';
import { hostileText, hostileTexts } from './hostile.js';
import { teamsCardValidator } from './teams-schema.js';

const cause = entityData('incident', { tenantId, id: 'i', version: 1 });
const asCard = ({ card, title }: Dialog): Card => ({ content: card, summary: title });

describe('hostile text about devices and actions', () => {
  let isTeamsCard: ValidateFunction;
  before(function () {
    this.timeout(60_000);
    isTeamsCard = teamsCardValidator();
  });
  const holds = <T>(values: fc.Arbitrary<T>, ...draws: ((value: T, notice: string) => Card)[]) => {
    const law = fc.property(values, hostileText, (value, notice) => {
      for (const draw of draws) isHarmless(draw(value, notice), isTeamsCard);
    });
    fc.assert(law, { numRuns: 100 });
  };

  it('never breaks the card of an action, nor its dialogs', () => {
    holds(
      anyActionView,
      (view, notice) => drawActionCard(view, { notice, refreshFor: Array(60).fill(`29:${'x'.repeat(90)}`) }),
      (view) => asCard(rejectDialog(view)),
    );
  }).timeout(60_000);

  it('never breaks the card of a device, nor its dialog', () => {
    holds(
      anyDeviceView,
      (view, notice) => drawDeviceCard(view, { notice }),
      (view) => asCard(deviceDialog(view)),
    );
  }).timeout(60_000);

  it('never breaks the card of a change of the rules, nor its dialog', () => {
    holds(
      anyPolicyView,
      (view, notice) => drawPolicyChangeCard(view, { notice }),
      (view) => asCard(rejectPolicyDialog(view)),
    );
  }).timeout(60_000);

  it('never breaks the posture card', () => {
    holds(anyPostureView, (view) => drawPostureCard(view));
  }).timeout(60_000);

  it('never breaks a form for an action', () => {
    holds(
      anyForm,
      (form) => asCard(requestDialog('isolate', cause, form)),
      (form) => asCard(requestDialog('scan', cause, form)),
    );
  }).timeout(60_000);

  it('never breaks the list of what waits', () => {
    const waiting = fc.tuple(fc.array(anyActionView, { maxLength: 20 }), fc.array(anyPolicyView, { maxLength: 1 }));
    const law = fc.property(waiting, ([actions, changes]) => isHarmless(drawApprovals(actions, changes), isTeamsCard));
    fc.assert(law, { numRuns: 30 });
  }).timeout(60_000);

  it('never breaks a choice of devices, whatever was said', () => {
    const choice = fc.record({
      id: fc.uuid(),
      name: fc.option(hostileText, { nil: null }),
      operatingSystem: fc.option(hostileText, { nil: null }),
      primaryUser: fc.option(hostileText, { nil: null }),
      lastSeenAt: fc.option(fc.date({ noInvalidDate: false }), { nil: null }),
    });
    const all = fc.tuple(hostileText, fc.array(choice, { minLength: 1, maxLength: 10 }), hostileText);
    const law = fc.property(all, fc.constantFrom(...deviceVerbNames), ([said, devices, reason], verb) =>
      isHarmless(drawDeviceChoice(said, devices, { verb, tenantId, reason }), isTeamsCard),
    );
    fc.assert(law, { numRuns: 60 });
  }).timeout(60_000);

  for (const [name, text] of Object.entries(hostileTexts)) {
    it(`${name} does no harm as the name of a break-glass person or as a reason on twenty rows`, () => {
      const approval = { isolate: true, release: true, scan: true };
      const people = Array.from({ length: 20 }, (_, i) => ({ userId: `u${i}`, displayName: text, aadObjectId: null }));
      const breakGlass = people.map(({ userId }) => userId);
      const rules = { approval, peers: false, dryRun: true, breakGlass, queueHours: 24, writeBack: false };
      isHarmless(drawPolicyCard(rules, people, ['policy queue <hours> <reason>']), isTeamsCard);
      const view = actionView({ reason: text });
      isHarmless(
        drawApprovals(
          Array.from({ length: 20 }, () => view),
          [],
        ),
        isTeamsCard,
      );
    });
  }
});
