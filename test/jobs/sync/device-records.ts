import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type { SourceMachine, SourceManagedDevice } from '../../../domain/devices/device-source.js';

/** Microsoft's 40 hexadecimal digits for a word. */
export function machineId(word: string): string {
  return createHash('sha1').update(word).digest('hex');
}

/** A GUID for a word, in lower case. */
export function guid(word: string): string {
  const hex = createHash('sha1').update(word).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A machine as Defender reports it; its word names it and stands for its id. */
export function machine(word: string, given: Partial<SourceMachine> = {}): SourceMachine {
  return {
    microsoftDeviceId: machineId(word),
    aadDeviceId: null,
    name: word,
    operatingSystem: 'Windows11',
    osVersion: '23H2',
    risk: 'Low',
    exposure: 'Medium',
    health: 'Active',
    onboarding: 'Onboarded',
    deviceValue: 'Normal',
    tags: [],
    firstSeenAt: '2026-01-01T08:00:00.1234567Z',
    lastSeenAt: '2026-03-01T08:00:00.7654321Z',
    ...given,
  };
}

/** A device as Intune reports it; its word names it and stands for its id. */
export function managed(word: string, given: Partial<SourceManagedDevice> = {}): SourceManagedDevice {
  return {
    intuneDeviceId: guid(word),
    aadDeviceId: null,
    name: word,
    serialNumber: `SN-${word}`,
    operatingSystem: 'Windows',
    osVersion: '10.0.22631',
    primaryUser: `${word}@contoso.example`,
    compliance: 'compliant',
    enrollment: 'windowsAzureADJoin',
    lastSyncAt: '2026-03-01T07:00:00Z',
    ...given,
  };
}

/** A device of the mirror by Microsoft's ids, without ours and without our times. */
export interface MirroredDevice {
  readonly microsoft: string | null;
  readonly intune: string | null;
  readonly aad: string | null;
  readonly name: string | null;
  readonly os: string | null;
  readonly version: string | null;
  readonly user: string | null;
  readonly serial: string | null;
  readonly risk: number | null;
  readonly health: string | null;
  readonly tags: readonly string[];
  readonly lastSeen: Date | null;
  readonly supersededBy: string | null;
  readonly isGone: boolean;
  readonly isStub: boolean;
  readonly missed: number;
  readonly intuneMissed: number;
  readonly compliance: string | null;
  readonly verdict: { readonly state: string; readonly rules: readonly unknown[] } | null;
  readonly checkedAt: Date | null;
}

/** All devices of a tenant, sorted by Microsoft's ids. */
export async function mirrorOf(admin: Knex, tenantId: string): Promise<MirroredDevice[]> {
  const found = await admin.raw<{ rows: MirroredDevice[] }>(
    `select d.microsoft_device_id as microsoft, d.intune_device_id as intune, d.aad_device_id as aad, d.device_name as name,
       d.operating_system as os, d.os_version as version, d.primary_user as "user", d.serial_number as serial,
       d.risk_score as risk, d.defender_health_status as health, d.machine_tags as tags, d.last_seen_at as "lastSeen",
       s.microsoft_device_id as "supersededBy", d.gone_at is not null as "isGone", d.is_stub as "isStub",
       d.missed_syncs as missed, d.intune_missed_syncs as "intuneMissed", d.intune_compliance_state as compliance,
       case when c.id is not null then jsonb_build_object('state', c.compliance_state, 'rules', c.failed_rules) end as verdict,
       c.checked_at as "checkedAt"
     from edr_devices d left join edr_compliance c on c.tenant_id = d.tenant_id and c.device_id = d.id
     left join edr_devices s on s.tenant_id = d.tenant_id and s.id = d.superseded_by
     where d.tenant_id = ? order by d.microsoft_device_id nulls last, d.intune_device_id`,
    [tenantId],
  );
  return found.rows;
}
