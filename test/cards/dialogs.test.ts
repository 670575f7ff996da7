import assert from 'node:assert/strict';
import { CARD_BYTES, cardBytes } from '../../cards/card.js';
import type { CardContent } from '../../cards/card.js';
import { assignDialog, closeDialog, releaseDialog, reopenDialog } from '../../cards/dialog-alert.js';
import {
  dismissDialog,
  handOverDialog,
  linkAlertDialog,
  reopenIncidentDialog,
  resolveDialog,
} from '../../cards/dialog-incident.js';
import { alertRow, alertView, ann, bo, incidentView } from './views.js';
import { ofType, parts } from './walk.js';

const alert = alertView({ status: 'investigating', version: 4 });
const incident = incidentView({ version: 5 });
const inputsOf = (card: CardContent) => parts(card).filter((part) => String(part['type']).startsWith('Input.'));

describe('the dialogs', () => {
  const dialogs = [
    [closeDialog(alert), 'Close A-1042', 'alert.close', ['outcome', 'notes']],
    [releaseDialog(alert), 'Back to queue A-1042', 'alert.release', ['notes']],
    [reopenDialog(alert), 'Reopen A-1042', 'alert.reopen', ['reason']],
    [assignDialog(alert, [ann, bo]), 'Assign A-1042', 'alert.assign', ['assigneeId', 'reason']],
    [resolveDialog(incident), 'Resolve INC-42', 'incident.resolve', ['notes']],
    [dismissDialog(incident), 'Dismiss INC-42', 'incident.dismiss', ['reason']],
    [reopenIncidentDialog(incident), 'Reopen INC-42', 'incident.reopen', ['reason']],
    [handOverDialog(incident, [ann]), 'Hand over INC-42', 'incident.handOver', ['ownerId', 'reason']],
    [linkAlertDialog(incident, [alertRow()]), 'Link alert INC-42', 'incident.linkAlert', ['alertId']],
  ] as const;

  for (const [dialog, title, verb, inputs] of dialogs) {
    it(`"${title}" asks for ${inputs.join(' and ')} and sends them with the verb, the id and the version`, () => {
      assert.equal(dialog.title, title);
      assert.deepEqual(
        inputsOf(dialog.card).map((input) => input['id']),
        inputs,
      );
      const [submit, ...more] = dialog.card['actions'] as Record<string, unknown>[];
      assert.deepEqual(more, []);
      const data = submit?.['data'] as Record<string, unknown>;
      assert.equal(data['verb'], verb);
      assert.equal(data['version'], verb.startsWith('alert') ? 4 : 5);
      assert.deepEqual(Object.keys(data).sort(), ['entity', 'entityId', 'schema', 'tenantId', 'verb', 'version']);
    });
  }

  it('Close wants an outcome and ten characters that are not blank, and says so', () => {
    const [outcome, notes] = inputsOf(closeDialog(alert).card);
    assert.deepEqual(
      (outcome?.['choices'] as { value: string }[]).map(({ value }) => value),
      ['closed_benign', 'closed_false_positive'],
    );
    assert.match(String(notes?.['label']), /at least 10 characters/);
    const fits = new RegExp(String(notes?.['regex']));
    assert.ok(fits.test('1234567890') && fits.test('  two\n  words on lines '));
    assert.ok(!fits.test('123456789') && !fits.test(`  12345678 ${' '.repeat(20)}`) && !fits.test(' '.repeat(20)));
  });

  it('other notes may be short but not blank, and none is endless', () => {
    for (const dialog of [releaseDialog(alert), resolveDialog(incident)]) {
      const [notes] = inputsOf(dialog.card);
      const fits = new RegExp(String(notes?.['regex']));
      assert.ok(fits.test('ok') && !fits.test(' \n '));
      assert.equal(notes?.['maxLength'], 2000);
    }
  });

  it('a name or title chosen by somebody else is drawn where neither markdown nor macros live', () => {
    const hostile = '[x](https://evil.example) {{DATE(2026-01-01T00:00:00Z)}}';
    const people = [{ userId: 'u1', displayName: hostile, aadObjectId: null }];
    const [choices] = ofType(assignDialog(alert, people).card, 'Input.ChoiceSet');
    assert.deepEqual(choices?.['choices'], [
      { title: '［x］(hxxps://evil.example) { {DATE(2026-01-01T00:00:00Z)}}', value: 'u1' },
    ]);
  });

  it('stay small with a thousand people, and say that not all are shown', () => {
    const people = Array.from({ length: 1000 }, (_, i) => ({
      ...bo,
      userId: `${bo.userId}${i}`,
      displayName: '😀'.repeat(99),
    }));
    const { card } = assignDialog(alert, people);
    assert.ok(cardBytes(card) <= CARD_BYTES);
    assert.match(String(inputsOf(card)[0]?.['label']), /60 shown; others by command/);
  });
});
