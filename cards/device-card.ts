import type { DeviceView } from '../domain/devices/device.js';
import { BUTTONS, deviceButtons, drawButtons } from './buttons.js';
import { drawWithin } from './card.js';
import type { Card, CardContent, CardOptions } from './card.js';
import { historySection } from './details.js';
import { deviceFacts, drawDeviceHints, idsSection, lookalikeSection, rulesSection } from './device-facts.js';
import { deviceLimits } from './device-limits.js';
import type { DeviceLimits } from './device-limits.js';
import { deviceVerbs } from './device-verbs.js';
import { isIsolated, isolationWords, riskLook, stateOfDevice } from './device-words.js';
import { drawOpenActions } from './open-actions.js';
import { drawCard, drawDetails, drawFacts, drawNoticeLine, entityData, openUrl, withRefresh } from './layout.js';
import { expand } from './templates.js';
import { asPlain, asRun, deviceLink } from './text.js';
import { count } from './words.js';

/** What is known of a device, as an answer to whoever asks; it is posted nowhere by itself. */
export function drawDeviceCard(view: DeviceView, options: CardOptions = {}): Card {
  return drawWithin(deviceLimits, (limits) => drawDevice(view, options, limits));
}

function drawDevice(view: DeviceView, options: CardOptions, limits: DeviceLimits): Card {
  const { device } = view;
  const data = entityData('device', device);
  const states = stateOfDevice(device).join(', ') || 'nothing is known of its state';
  const card = drawCard({
    about: 'device',
    fallbackText: `Device ${asPlain(device.name, 120)}: ${states}. ${count(view.openAlertCount, 'open alert')}.`,
    summary: `${asRun(device.name, 120) || 'Device without a name'} · ${states}`,
    body: drawBody(view, options, limits),
    actions: drawButtons(deviceButtons, usable(view), data).slice(0, BUTTONS),
  });
  return withRefresh(card, data, options.refreshFor);
}

/** A record that is no device any more is the target of nothing. */
function usable({ device, openActions }: DeviceView) {
  if (device.goneAt || device.supersededBy) return [];
  return deviceVerbs([{ isolation: device.isolation, openActions }]);
}

function drawBody(view: DeviceView, options: CardOptions, limits: DeviceLimits): CardContent[] {
  const sections = [
    rulesSection(view, limits),
    lookalikeSection(view),
    idsSection(view),
    historySection(view.history, limits.reason),
  ];
  const link = deviceLink(view.device.microsoftDeviceId, view.entraTenantId);
  return [
    ...drawNoticeLine(options.notice),
    drawHeader(view, limits),
    ...drawDeviceHints(view),
    ...drawOpenActions([{ name: null, openActions: view.openActions }]),
    drawFacts(deviceFacts(view, limits)),
    ...drawDetails(sections, openUrl('Open in Defender', link)),
  ];
}

const riskStyles: Readonly<Record<string, { readonly style: string; readonly color: string }>> = {
  critical: { style: 'attention', color: 'Attention' },
  high: { style: 'warning', color: 'Warning' },
};

function drawHeader({ device, tenantName }: DeviceView, limits: DeviceLimits): CardContent {
  const risk = riskLook(device.riskScore);
  const words = isolationWords(device.isolation);
  const status = words === '' ? 'Isolation not known' : `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
  return expand('header', {
    ...(riskStyles[risk?.word ?? ''] ?? { style: 'emphasis', color: 'Default' }),
    severity: risk ? `${risk.icon} Risk ${risk.word}` : '○ Risk not known',
    name: 'Device',
    status: isIsolated(device) ? `■ ${status}` : status,
    title: asRun(device.name, limits.title) || 'Device without a name',
    tenant: asRun(tenantName, 80),
  });
}
