import type { DeviceActionKind } from '../domain/actions/action.js';
import type { DeviceVerb } from '../domain/devices/device.js';
import { longestReason } from '../domain/actions/action-rules.js';
import type { ActionForm, ActionFormDevice } from '../domain/services.js';
import { kindLooks, namesOf } from './action-words.js';
import type { EntityData } from './buttons.js';
import type { CardContent } from './card.js';
import { choiceInput, drawDialog, noteInput } from './dialog.js';
import type { Dialog } from './dialog.js';
import { drawHint, drawLines } from './layout.js';
import type { TextLine } from './layout.js';
import { requestLooks } from './request-looks.js';
import type { RequestLook } from './request-looks.js';
import { asRun } from './text.js';

/** Devices of a form are told apart by name; with several that can be chosen the form asks which. */
export function requestDialog(kind: DeviceActionKind, cause: EntityData, form: ActionForm): Dialog {
  const look = requestLooks[kind];
  const possible = form.devices.filter((device) => device.fault === null);
  const [only] = form.devices;
  const isOne = form.devices.length === 1 && only !== undefined;
  return drawDialog({
    title: look.submit,
    submit: possible.length > 0 ? look.submit : null,
    isDangerous: kind === 'isolate',
    explanation: look.explanation,
    about: aboutOf(kindLooks[kind].icon, form.devices),
    inputs: [
      ...drawWarnings(form),
      ...drawLines('', isOne ? aboutOne(only) : aboutSeveral(form.devices), 500),
      ...(possible.length > 0 ? drawInputs(look, form.devices, possible) : []),
    ],
    data: dataOf(look.verb, cause, form.devices, possible),
    height: possible.length > 0 ? 'large' : 'small',
  });
}

function aboutOf(icon: string, devices: readonly ActionFormDevice[]) {
  const [only, ...others] = devices;
  if (!only) return { lead: `${icon} Device`, title: 'none known' };
  if (others.length > 0) return { lead: `${icon} ${devices.length} devices`, title: 'choose one' };
  return { lead: `${icon} Device`, title: asRun(only.name, 200) || 'without a name' };
}

/** `actionCounts` by device keep a second request apart from a second delivery of the first. */
function dataOf(
  verb: DeviceVerb,
  cause: EntityData,
  devices: readonly ActionFormDevice[],
  possible: readonly ActionFormDevice[],
) {
  const [only] = possible;
  const chosen = devices.length === 1 && only ? { deviceId: only.id } : {};
  const actionCounts = Object.fromEntries(possible.map(({ id, actionCount }) => [id, actionCount]));
  return { verb, ...cause, ...chosen, actionCounts };
}

function drawWarnings({ devices, isDryRun }: ActionForm): CardContent[] {
  const none = '✕ No device is known here, so there is nothing to act on. Say "device" and its name to look it up.';
  if (devices.length === 0) return [drawHint('attention', none)];
  return isDryRun ? [drawHint('accent', '◌ Dry run: everything is done but the call to Microsoft.')] : [];
}

function aboutOne(device: ActionFormDevice): TextLine[] {
  if (device.fault !== null) return [{ strong: '✕', text: device.fault }];
  const sensitive = device.isSensitive
    ? [
        {
          strong: '▲',
          text: 'This is a server, a domain controller or a high-value device, so approval is always needed.',
        },
      ]
    : [];
  return [...sensitive, { strong: '◷', text: approvalOf(device) }];
}

function aboutSeveral(devices: readonly ActionFormDevice[]): TextLine[] {
  return devices.map((device) => ({
    strong: asRun(device.name, 100) || 'Device without a name',
    text: device.fault ?? `${device.isSensitive ? '▲ Server or high value. ' : ''}${approvalOf(device)}`,
  }));
}

function approvalOf({ needsApproval, actsAlone, approvers }: ActionFormDevice): string {
  if (!needsApproval) return 'No approval is needed: it is sent at once.';
  if (actsAlone)
    return 'You act alone (break-glass): it is sent at once, announced, and another admin looks at it afterwards.';
  if (approvers.length === 0) return 'It needs approval, and nobody else here could give it.';
  const names = namesOf(
    approvers.map((displayName) => ({ displayName })),
    6,
  );
  return `It needs approval within 30 minutes; asked at once: ${names}.`;
}

function drawInputs(
  look: RequestLook,
  devices: readonly ActionFormDevice[],
  possible: readonly ActionFormDevice[],
): CardContent[] {
  const which = choiceInput({
    id: 'deviceId',
    label: 'Device',
    placeholder: 'Choose a device',
    errorMessage: 'Choose a device.',
    choices: possible.map(({ id, name }) => ({ title: name ?? 'Device without a name', value: id })),
  });
  const [usual] = look.choices;
  const how = usual
    ? [
        choiceInput({
          id: 'parameter',
          label: 'How',
          placeholder: 'Choose one',
          errorMessage: 'Choose one.',
          choices: look.choices,
          value: usual.value,
        }),
      ]
    : [];
  const reason = noteInput({
    id: 'reason',
    label: 'Reason (Microsoft keeps it too)',
    placeholder: look.placeholder,
    most: longestReason,
  });
  return [...(devices.length > 1 ? [which] : []), ...how, reason];
}
