import type { Device } from './device.js';

const names = {
  tenantId: 'tenant_id',
  id: 'id',
  microsoftDeviceId: 'microsoft_device_id',
  aadDeviceId: 'aad_device_id',
  intuneDeviceId: 'intune_device_id',
  name: 'device_name',
  serialNumber: 'serial_number',
  operatingSystem: 'operating_system',
  osVersion: 'os_version',
  primaryUser: 'primary_user',
  health: 'defender_health_status',
  riskScore: 'risk_score',
  exposure: 'exposure_level',
  compliance: 'intune_compliance_state',
  onboarding: 'onboarding_status',
  deviceValue: 'device_value',
  tags: 'machine_tags',
  isolation: 'isolation_state',
  lastSeenAt: 'last_seen_at',
  supersededBy: 'superseded_by',
  goneAt: 'gone_at',
  isStub: 'is_stub',
  version: 'version',
} as const satisfies Record<keyof Device, string>;

/** Columns of Device, under the names of its fields. */
export function deviceColumns(row: string): string {
  return Object.entries(names)
    .map(([field, column]) => `${row}.${column} as "${field}"`)
    .join(', ');
}
