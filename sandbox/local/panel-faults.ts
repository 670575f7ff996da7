import type { SandboxCloud } from '../cloud/cloud.js';
import type { Api, Fault } from '../cloud/faults.js';
import type { PanelToggle } from '../console/panel.js';

/** Faults at Microsoft; each holds for all customers until it is switched off. */
export function faultControls(cloud: SandboxCloud): PanelToggle[] {
  const toggle = (label: string, hint: string, fault: Fault, api?: Api): PanelToggle => ({
    id: api === undefined ? `fault-${fault.kind}` : `fault-${fault.kind}-${api}`,
    label,
    hint,
    group: 'Microsoft misbehaves',
    kind: 'toggle',
    isOn: () => cloud.tenants.some((tenant) => cloud.faults.active(tenant.entraTenantId, api).includes(fault)),
    run: (on) => {
      for (const { entraTenantId } of cloud.tenants) {
        if (on) cloud.faults.turnOn(entraTenantId, fault, api === undefined ? {} : { api });
        else cloud.faults.turnOff(entraTenantId, fault.kind, api);
      }
      return Promise.resolve(on ? `${label}: on.` : `${label}: off.`);
    },
  });
  return [
    toggle('Throttle', '429 with Retry-After', { kind: 'throttle', retryAfterSeconds: 5 }),
    toggle('Throttle Defender', 'Devices and actions only', { kind: 'throttle', retryAfterSeconds: 5 }, 'defender'),
    toggle('Server errors', '503 on every request', { kind: 'server_error', status: 503 }),
    toggle('No answer', 'Requests hang', { kind: 'hang' }),
    toggle('Partial answers', '206: a provider is missing', { kind: 'partial' }),
    toggle('Consent revoked', 'The customer withdrew consent', { kind: 'consent_revoked' }),
    toggle('Malformed records', 'Each page holds one broken record', { kind: 'malformed_record' }),
    toggle('Intune not licensed', 'The tenant has no Intune', { kind: 'not_licensed' }, 'intune'),
  ];
}
