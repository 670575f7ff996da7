import type { DeviceView } from '../domain/devices/device.js';
import type { CardContent } from './card.js';
import type { DeviceLimits } from './device-limits.js';
import { LABELS, line } from './details.js';
import { complianceWords, healthWords, onboardingWords, riskWords, systemWords } from './device-words.js';
import { drawHint, fact, timeFact } from './layout.js';
import type { Fact, Section } from './layout.js';
import { asRun } from './text.js';
import { viewerTime } from './times.js';
import { count } from './words.js';

/** A label says it already: "health active" under Health is "Active". */
function under(label: string, words: string): string {
  const rest = words.startsWith(`${label} `) ? words.slice(label.length + 1) : words.replace(`${label}: `, '');
  return `${rest.charAt(0).toUpperCase()}${rest.slice(1)}` || 'Not known';
}

export function deviceFacts(view: DeviceView, limits: DeviceLimits): Fact[] {
  const { device, openAlertCount } = view;
  const system = [systemWords(device.operatingSystem, limits.value), asRun(device.osVersion, 40)]
    .filter(Boolean)
    .join(' ');
  return [
    fact('System', system, limits.value + 40),
    fact('User', device.primaryUser, limits.value),
    fact('Risk', under('risk', riskWords(device.riskScore))),
    fact('Exposure', device.exposure, 40),
    fact('Health', under('health', healthWords(device.health))),
    fact('Onboarding', under('onboarding', onboardingWords(device.onboarding))),
    fact('Compliance', under('compliance', complianceWords(device.compliance))),
    device.lastSeenAt
      ? timeFact('Last full report', viewerTime(device.lastSeenAt))
      : fact('Last full report', 'Not known'),
    fact('Open alerts', String(openAlertCount)),
    fact('Vulnerabilities', vulnerabilityWords(view)),
    fact('Value', device.deviceValue, 40),
    fact(
      'Tags',
      device.tags
        .slice(0, 8)
        .map((tag) => asRun(tag, 40))
        .join(', '),
      200,
    ),
  ];
}

function vulnerabilityWords({ vulnerabilityCount, severeVulnerabilityCount }: DeviceView): string {
  if (vulnerabilityCount === 0) return 'None known';
  return `${vulnerabilityCount.toLocaleString('en')}, ${severeVulnerabilityCount.toLocaleString('en')} of them with CVSS 7.0 or more`;
}

export function drawDeviceHints({ device, isSensitive }: DeviceView): CardContent[] {
  return [
    ...(device.goneAt ? [drawHint('attention', '▲ Neither Defender nor Intune has this device any more.')] : []),
    ...(device.supersededBy
      ? [drawHint('attention', '▲ This record is superseded: the device was reinstalled or onboarded anew.')]
      : []),
    ...(device.isStub
      ? [drawHint('accent', 'ℹ Known from an alert only. The next sync of devices fills in the rest.')]
      : []),
    ...(isSensitive
      ? [
          drawHint(
            'warning',
            '▲ A server, a domain controller or a high-value device: acting on it always needs approval.',
          ),
        ]
      : []),
  ];
}

export function rulesSection({ failedRules }: DeviceView, limits: DeviceLimits): Section {
  const lines = failedRules.slice(0, limits.rules).flatMap((rule) => line('Failed', rule, 200));
  return { id: 'rules', title: count(failedRules.length, 'failed rule'), labelWidth: '60px', lines };
}

/** Names and serial numbers are shared: a hint for people, and nothing else. */
export function lookalikeSection({ lookalikes }: DeviceView): Section {
  const lines = lookalikes
    .slice(0, 5)
    .flatMap(({ name, why }) => line(`Same ${why}`, asRun(name, 100) || 'Without a name', 100));
  const told = line('Mind', 'These records may be the same machine. They are never treated as such.', 120);
  return {
    id: 'lookalikes',
    title: `May be the same as ${count(lookalikes.length, 'other')}`,
    labelWidth: LABELS,
    lines: lines.length > 0 ? [...lines, ...told] : [],
  };
}

export function idsSection({ device }: DeviceView): Section {
  const lines = [
    ...line('Serial number', device.serialNumber, 80),
    ...line('Defender', device.microsoftDeviceId, 80),
    ...line('Entra', device.aadDeviceId, 80),
    ...line('Intune', device.intuneDeviceId, 80),
  ];
  return { id: 'ids', title: 'Ids', labelWidth: LABELS, lines };
}
