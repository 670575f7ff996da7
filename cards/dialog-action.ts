import type { ActionView } from '../domain/actions/action.js';
import { longestReason } from '../domain/actions/action-rules.js';
import type { ActionVerb } from '../domain/actions/life-cycle.js';
import type { PolicyChangeView } from '../domain/actions/policy.js';
import type { DeviceView } from '../domain/devices/device.js';
import { kindLooks } from './action-words.js';
import { drawDeviceCard } from './device-card.js';
import { drawDialog, noteInput } from './dialog.js';
import type { Dialog, NoteParts } from './dialog.js';
import { entityData } from './layout.js';
import { asRun } from './text.js';
import { actionName } from './words.js';

interface ActParts {
  readonly verb: ActionVerb;
  readonly submit: string;
  readonly explanation: string;
  readonly input: Pick<NoteParts, 'id' | 'label' | 'placeholder'>;
}

function drawActionDialog({ action, device }: ActionView, { verb, submit, explanation, input }: ActParts): Dialog {
  const { icon, title } = kindLooks[action.kind];
  return drawDialog({
    title: `${submit} ${actionName(action.number)}`,
    submit,
    explanation,
    about: {
      lead: `${icon} ${title} · ${actionName(action.number)}`,
      title: asRun(device?.name, 200) || 'Device without a name',
    },
    inputs: [noteInput({ ...input, most: longestReason })],
    data: { verb, ...entityData('action', action) },
    height: 'small',
  });
}

export function rejectDialog(view: ActionView): Dialog {
  const explanation = 'Nothing is sent to Microsoft, and whoever asked reads why.';
  const input = { id: 'reason', label: 'Why is it rejected?', placeholder: 'What speaks against it' } as const;
  return drawActionDialog(view, { verb: 'action.reject', submit: 'Reject', explanation, input });
}

export function cancelDialog(view: ActionView): Dialog {
  const explanation = view.action.sentAt
    ? 'Microsoft has it already and is asked to cancel it; it may be too late for that.'
    : 'Nothing is sent to Microsoft.';
  const input = { id: 'reason', label: 'Why is it cancelled?', placeholder: 'What changed' } as const;
  return drawActionDialog(view, { verb: 'action.cancel', submit: 'Cancel action', explanation, input });
}

export function reviewDialog(view: ActionView): Dialog {
  const explanation = 'It was asked for by somebody who acted alone. Your note says what you make of it.';
  const input = { id: 'notes', label: 'What did you find?', placeholder: 'Justified because ..' } as const;
  return drawActionDialog(view, { verb: 'action.review', submit: 'Mark as reviewed', explanation, input });
}

/** A question before a refusal that cannot be taken back. */
export function rejectPolicyDialog({ change, proposer, lines }: PolicyChangeView): Dialog {
  return drawDialog({
    title: 'Reject the change',
    submit: 'Reject',
    explanation: 'The rules stay as they are. A new change can be proposed at any time.',
    about: { lead: `◇ ${asRun(proposer.displayName, 60)} proposed:`, title: lines.join('; ') },
    inputs: [],
    data: { verb: 'policy.reject', ...entityData('policy_change', change) },
    height: 'small',
  });
}

/** What is known of a device, to read. */
export function deviceDialog(view: DeviceView): Dialog {
  const { content } = drawDeviceCard(view);
  return { title: 'Device', card: { ...content, actions: [] }, height: 'large', width: 'medium' };
}
