import type { SandboxCloud } from '../cloud/cloud.js';
import type { Fault } from '../cloud/faults.js';
import type { MicrosoftRecord } from '../cloud/tenants.js';
import type { PanelButton, PanelValues } from '../console/panel.js';
import { deviceNamed, isSameDevice, nameOf, newestAlertsDevice } from './panel-device-choice.js';

type CustomerOf = (conversationId: string) => string;

const which = { id: 'device', label: 'Device (empty: of the newest alert)', type: 'text' as const };

const fates: readonly { readonly value: string; readonly label: string; readonly fault: Fault | null }[] = [
  { value: 'fails', label: 'Fails', fault: { kind: 'action_fails' } },
  { value: 'times_out', label: 'Times out', fault: { kind: 'action_times_out' } },
  { value: 'stuck', label: 'Stays pending', fault: { kind: 'action_stuck' } },
  { value: 'lost', label: 'Works, but the answer is lost', fault: { kind: 'answer_lost', how: 'reset' } },
  { value: 'succeeds', label: 'Succeeds', fault: null },
];
const fate = { id: 'fate', label: 'The next action', type: 'choice' as const, choices: fates };

/** What happens to the devices of the customer one is looking at. */
export function deviceControls(cloud: SandboxCloud, customerOf: CustomerOf): PanelButton[] {
  const button = (
    [id, label, hint]: readonly [string, string, string],
    fields: PanelButton['fields'],
    run: (customer: string, values: PanelValues) => string,
  ): PanelButton => ({
    id,
    label,
    hint,
    group: 'Devices of this customer',
    kind: 'button',
    fields,
    run: (values, context) => Promise.resolve(run(customerOf(context.conversationId), values)),
  });
  const withDevice = (run: (customer: string, machine: MicrosoftRecord) => string) => {
    return (customer: string, values: PanelValues) => {
      const wanted = String(values['device'] ?? '').trim();
      const machine = wanted === '' ? newestAlertsDevice(cloud, customer) : deviceNamed(cloud, customer, wanted);
      if (machine) return run(customer, machine);
      return wanted === '' ? 'No alert names a device.' : `There is no device "${wanted}".`;
    };
  };
  const power = (isOnline: boolean) =>
    withDevice((customer, machine) => {
      cloud.setOnline(customer, String(machine['id']), isOnline);
      return `${nameOf(machine)} is ${isOnline ? 'online' : 'offline: actions wait for it'}.`;
    });
  const comply = (complianceState: string) =>
    withDevice((customer, machine) => {
      const device = cloud.managedDevices(customer).find((one) => isSameDevice(one, machine));
      if (!device) return `Intune does not know ${nameOf(machine)}.`;
      cloud.changeManagedDevice(customer, String(device['id']), { complianceState });
      return `${nameOf(machine)} is ${complianceState}. The next sync sees it.`;
    });
  return [
    button(['device-offline', 'Device offline', 'Actions stay pending.'], [which], power(false)),
    button(['device-online', 'Device online', 'Pending actions begin.'], [which], power(true)),
    button(['next-action', 'Decide', 'Holds once, for any device.'], [fate], (customer, values) =>
      decide(cloud, customer, String(values['fate'])),
    ),
    button(['vulnerability-new', 'New vulnerability', 'CVSS 9.8 on three devices.'], [], (customer) =>
      appear(cloud, customer),
    ),
    button(['vulnerability-fix', 'Fix a vulnerability', 'The one on most devices.'], [], (customer) =>
      disappear(cloud, customer),
    ),
    button(['not-compliant', 'Not compliant', 'Intune finds a rule broken.'], [which], comply('noncompliant')),
    button(['compliant', 'Compliant', 'Intune is content again.'], [which], comply('compliant')),
  ];
}

function decide(cloud: SandboxCloud, customer: string, value: string): string {
  for (const { fault } of fates) if (fault) cloud.faults.turnOff(customer, fault.kind);
  const chosen = fates.find((one) => one.value === value);
  if (chosen?.fault) cloud.faults.turnOn(customer, chosen.fault, { times: 1, api: 'defender', method: 'POST' });
  return `The next action: ${(chosen ?? fates[0])?.label.toLowerCase()}.`;
}

function appear(cloud: SandboxCloud, customer: string): string {
  const cveId = `CVE-2026-${99_001 + cloud.vulnerabilities(customer).length}`;
  const machines = cloud.machines(customer).filter((machine) => machine['onboardingStatus'] === 'Onboarded');
  cloud.putVulnerability(customer, cveId, { cvssV3: 9.8, severity: 'Critical', publicExploit: true });
  const changes = { vulnerabilitySeverityLevel: 'Critical', exploitabilityLevel: 'ExploitIsPublic' };
  const hit = machines.slice(0, 3);
  for (const { id } of hit) cloud.addExposure(customer, String(id), cveId, changes);
  return `${cveId} is on ${hit.length} devices. The next sync sees it.`;
}

function disappear(cloud: SandboxCloud, customer: string): string {
  const idsOf = new Map<string, string[]>();
  for (const { id, cveId } of cloud.exposures(customer)) {
    const cve = String(cveId);
    idsOf.set(cve, [...(idsOf.get(cve) ?? []), String(id)]);
  }
  const [most] = [...idsOf].sort(([, a], [, b]) => b.length - a.length);
  if (!most) return 'There is none.';
  const [cveId, ids] = most;
  for (const id of ids) cloud.fixExposure(customer, id);
  return `${cveId} is gone from ${ids.length} ${ids.length === 1 ? 'device' : 'devices'}.`;
}
