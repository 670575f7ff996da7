import type { Person } from '../domain/access/actor.js';
import type { AlertView } from '../domain/alerts/alert-view.js';
import type { AlertVerb } from '../domain/alerts/life-cycle.js';
import { choiceInput, CLOSING_NOTES_LEAST, drawDialog, noteInput } from './dialog.js';
import type { Dialog, DialogParts } from './dialog.js';
import { entityData } from './layout.js';
import { alertName, severityWords } from './words.js';

function drawAlertDialog(
  { alert }: AlertView,
  verb: AlertVerb,
  submit: string,
  parts: Pick<DialogParts, 'explanation' | 'inputs' | 'height'>,
): Dialog {
  const name = alertName(alert.number);
  return drawDialog({
    ...parts,
    title: `${submit} ${name}`,
    submit,
    about: { lead: `${severityWords(alert.severity)} · ${name}`, title: alert.title },
    data: { verb, ...entityData('alert', alert) },
  });
}

export function closeDialog(view: AlertView): Dialog {
  const outcome = choiceInput({
    id: 'outcome',
    label: 'Outcome',
    placeholder: 'Choose an outcome',
    errorMessage: 'Choose an outcome.',
    choices: [
      { title: 'Benign: it happened, and it is harmless', value: 'closed_benign' },
      { title: 'False positive: it should not have been reported', value: 'closed_false_positive' },
    ],
  });
  const notes = noteInput({
    id: 'notes',
    label: 'What did you find?',
    placeholder: 'Checked with .., the file is signed by ..',
    least: CLOSING_NOTES_LEAST,
  });
  const explanation = 'Closing ends the work on this alert. It can be reopened within 7 days.';
  return drawAlertDialog(view, 'alert.close', 'Close', { explanation, inputs: [outcome, notes], height: 'medium' });
}

export function releaseDialog(view: AlertView): Dialog {
  const note = noteInput({ id: 'notes', label: 'Note for whoever takes it next', placeholder: 'What is known so far' });
  const explanation = 'The alert goes back to the triage queue.';
  return drawAlertDialog(view, 'alert.release', 'Back to queue', { explanation, inputs: [note], height: 'small' });
}

export function reopenDialog(view: AlertView): Dialog {
  const reason = noteInput({ id: 'reason', label: 'Why is it opened again?', placeholder: 'What changed' });
  const explanation = 'The alert goes back to the triage queue.';
  return drawAlertDialog(view, 'alert.reopen', 'Reopen', { explanation, inputs: [reason], height: 'small' });
}

/** `people` are those who may do the work in this tenant. */
export function assignDialog(view: AlertView, people: readonly Person[]): Dialog {
  const assignee = choiceInput({
    id: 'assigneeId',
    label: 'Assign to',
    placeholder: 'Choose a person',
    errorMessage: 'Choose a person.',
    choices: people.map((person) => ({ title: person.displayName, value: person.userId })),
  });
  const reason = noteInput({ id: 'reason', label: 'Why?', placeholder: 'The reason stands in the history' });
  const explanation = 'The person becomes the assignee, and the card shows it.';
  return drawAlertDialog(view, 'alert.assign', 'Assign', { explanation, inputs: [assignee, reason], height: 'medium' });
}
