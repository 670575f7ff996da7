import type { Person } from '../domain/access/actor.js';
import type { IncidentView, LinkedAlert } from '../domain/incidents/incident.js';
import type { IncidentVerb } from '../domain/incidents/life-cycle.js';
import { choiceInput, drawDialog, noteInput } from './dialog.js';
import type { Dialog, DialogParts } from './dialog.js';
import { entityData } from './layout.js';
import { asPlain } from './text.js';
import { alertName, incidentName, severityWords } from './words.js';

/** An alert that the owner could link. */
export type LinkCandidate = Pick<LinkedAlert, 'id' | 'number' | 'title' | 'severity'>;

function drawIncidentDialog(
  { incident }: IncidentView,
  verb: IncidentVerb,
  submit: string,
  parts: Pick<DialogParts, 'explanation' | 'inputs' | 'height'>,
): Dialog {
  const name = incidentName(incident.number);
  return drawDialog({
    ...parts,
    title: `${submit} ${name}`,
    submit,
    about: { lead: `${severityWords(incident.severity)} · ${name}`, title: incident.title },
    data: { verb, ...entityData('incident', incident) },
  });
}

export function resolveDialog(view: IncidentView): Dialog {
  const notes = noteInput({ id: 'notes', label: 'Summary', placeholder: 'What happened, what was done, what remains' });
  const explanation = 'Resolving stops all clocks. The incident can be reopened within 7 days.';
  return drawIncidentDialog(view, 'incident.resolve', 'Resolve', { explanation, inputs: [notes], height: 'medium' });
}

export function dismissDialog(view: IncidentView): Dialog {
  const reason = noteInput({ id: 'reason', label: 'Justification', placeholder: 'Why this needs no work' });
  const explanation = 'Dismissing stops all clocks. The incident can be reopened within 7 days.';
  return drawIncidentDialog(view, 'incident.dismiss', 'Dismiss', { explanation, inputs: [reason], height: 'small' });
}

export function reopenIncidentDialog(view: IncidentView): Dialog {
  const reason = noteInput({ id: 'reason', label: 'Why is it opened again?', placeholder: 'What changed' });
  const explanation = 'The incident goes back to in progress, and the clock for resolving starts anew.';
  return drawIncidentDialog(view, 'incident.reopen', 'Reopen', { explanation, inputs: [reason], height: 'small' });
}

/** `people` are those who may own an incident in this tenant. */
export function handOverDialog(view: IncidentView, people: readonly Person[]): Dialog {
  const owner = choiceInput({
    id: 'ownerId',
    label: 'New owner',
    placeholder: 'Choose a person',
    errorMessage: 'Choose a person.',
    choices: people.map((person) => ({ title: person.displayName, value: person.userId })),
  });
  const reason = noteInput({ id: 'reason', label: 'Why?', placeholder: 'The reason stands in the history' });
  const explanation = 'The person becomes the owner. The clocks go on.';
  const parts = { explanation, inputs: [owner, reason], height: 'medium' } as const;
  return drawIncidentDialog(view, 'incident.handOver', 'Hand over', parts);
}

/** `candidates` are the owner's own alerts under investigation. */
export function linkAlertDialog(view: IncidentView, candidates: readonly LinkCandidate[]): Dialog {
  const alert = choiceInput({
    id: 'alertId',
    label: 'Alert',
    placeholder: 'Choose an alert',
    errorMessage: 'Choose an alert. Only alerts that you investigate can be linked.',
    choices: candidates.map(({ id, number, title, severity }) => ({
      title: `${severityWords(severity)} ${alertName(number)} ${asPlain(title, 40)}`,
      value: id,
    })),
  });
  const explanation = 'Your alerts under investigation can be linked; a linked alert becomes escalated.';
  return drawIncidentDialog(view, 'incident.linkAlert', 'Link alert', {
    explanation,
    inputs: [alert],
    height: 'small',
  });
}
