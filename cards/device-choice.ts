import type { DeviceChoice, DeviceVerb } from '../domain/devices/device.js';
import { longestReason } from '../domain/actions/action-rules.js';
import { deviceButtons, dialogButton, directButton } from './buttons.js';
import { CARD_SCHEMA, drawWithin } from './card.js';
import type { Card, CardContent } from './card.js';
import { systemWords } from './device-words.js';
import { drawCard, entityData } from './layout.js';
import { expand } from './templates.js';
import { asPlain, asRun } from './text.js';
import { viewerTime } from './times.js';

/** What is done with the device that is chosen; `reason` was said with the command and stands in the form. */
export interface ChoicePurpose {
  readonly verb: DeviceVerb | 'device.show';
  readonly tenantId: string;
  readonly reason: string;
}

interface ChoiceLimits {
  readonly value: number;
  readonly reason: number;
}

/** The reason stands in every button. */
const limits: readonly [ChoiceLimits, ...ChoiceLimits[]] = [
  { value: 120, reason: longestReason },
  { value: 60, reason: 120 },
  { value: 30, reason: 40 },
];

/** Asks which device was meant: a row and a button for each, at most 10; nothing is ever guessed. */
export function drawDeviceChoice(said: string, devices: readonly DeviceChoice[], purpose: ChoicePurpose): Card {
  const heading = `Which device? ${devices.length === 1 ? 'One begins' : 'Several are or begin'} like "${asPlain(said, 60)}".`;
  return drawWithin(limits, ({ value, reason }) =>
    drawCard({
      about: 'choice',
      fallbackText: `${heading} ${devices.map(({ name }) => asPlain(name, 60)).join(', ')}`,
      summary: heading,
      body: [
        expand('message', { heading, lines: [] }),
        expand('choiceRows', {
          rows: devices.map((device) => drawRow(device, { ...purpose, reason: asRun(purpose.reason, reason) }, value)),
        }),
      ],
      actions: [],
    }),
  );
}

function drawRow(device: DeviceChoice, purpose: ChoicePurpose, max: number): CardContent {
  const facts = [systemWords(device.operatingSystem, 40), asRun(device.primaryUser, max)].filter(Boolean).join(' · ');
  return {
    name: asRun(device.name, max) || 'Device without a name',
    facts: facts || 'Nothing more is known',
    time: device.lastSeenAt ? `Last full report ${viewerTime(device.lastSeenAt)}` : '',
    actions: [buttonFor(device.id, purpose)],
  };
}

function buttonFor(deviceId: string, { verb, tenantId, reason }: ChoicePurpose): CardContent {
  const data = { verb, ...entityData('device', { tenantId, id: deviceId, version: 0 }), schema: CARD_SCHEMA };
  if (verb === 'device.show') return directButton('Show', data);
  return dialogButton(deviceButtons[verb].title, { ...data, reason });
}
