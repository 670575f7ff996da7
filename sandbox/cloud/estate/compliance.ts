import { createHash } from 'node:crypto';
import { guidOf } from '../random.js';
import type { MicrosoftRecord } from '../tenants.js';

export interface Setting {
  readonly id: string;
  readonly setting: string;
  /** Null for some, as in real tenants. */
  readonly settingName: string | null;
  readonly platformType: string;
}

export interface Policy {
  readonly id: string;
  /** The policy itself, as Intune lists it. */
  readonly record: MicrosoftRecord;
  readonly settings: readonly Setting[];
  appliesTo(device: MicrosoftRecord): boolean;
}

/** The compliance policies of one tenant, and what each device makes of them. */
export interface Compliance {
  readonly policies: readonly Policy[];
  /** In the words of complianceStatus: compliant, nonCompliant, error, conflict, unknown, ... */
  stateOf(device: MicrosoftRecord, setting: Setting): string;
}

type Line = readonly [word: string, name: string | null];

function policy(tenantName: string, platform: string, type: string, systems: readonly string[], lines: Line[]): Policy {
  const id = guidOf(`${tenantName} compliance ${platform}`);
  const settings = lines.map(([word, settingName]) => {
    const setting = `${type}.${word}`;
    return { id: guidOf(`${id} ${setting}`), setting, settingName, platformType: platform };
  });
  return {
    id,
    settings,
    record: {
      '@odata.type': `#microsoft.graph.${type.charAt(0).toLowerCase()}${type.slice(1)}`,
      id,
      displayName: `${tenantName} ${systems[0] ?? platform} baseline`,
      description: null,
      createdDateTime: '2025-06-02T09:12:33.1181723Z',
      lastModifiedDateTime: '2025-11-20T13:40:10.5598612Z',
      version: 3,
    },
    appliesTo: (device) => systems.includes(String(device['operatingSystem'])),
  };
}

/** Failing settings follow from the state of the device, so that a device that becomes noncompliant fails something. */
export function generatedCompliance(tenantName: string): Compliance {
  const policies = [
    policy(
      tenantName,
      'windows10AndLater',
      'Windows10CompliancePolicy',
      ['Windows'],
      [
        ['BitLockerEnabled', 'Require BitLocker'],
        ['ActiveFirewallRequired', 'Require a firewall'],
        ['AntivirusRequired', 'Require an antivirus'],
        ['OsMinimumVersion', null],
        ['PasswordRequired', 'Require a password'],
      ],
    ),
    policy(
      tenantName,
      'macOS',
      'MacOSCompliancePolicy',
      ['macOS'],
      [
        ['StorageRequireEncryption', 'Require encryption of data storage'],
        ['SystemIntegrityProtectionEnabled', 'Require system integrity protection'],
      ],
    ),
    policy(
      tenantName,
      'iOS',
      'IosCompliancePolicy',
      ['iOS', 'iPadOS'],
      [
        ['PasscodeRequired', 'Require a passcode'],
        ['SecurityBlockJailbrokenDevices', 'Block jailbroken devices'],
      ],
    ),
    policy(
      tenantName,
      'android',
      'AndroidCompliancePolicy',
      ['Android'],
      [
        ['PasswordRequired', 'Require a password'],
        ['MinAndroidSecurityPatchLevel', 'Minimum security patch level'],
      ],
    ),
  ];
  const placeOf = (setting: Setting) => {
    const owner = policies.find((one) => one.settings.includes(setting));
    return { index: owner?.settings.indexOf(setting) ?? 0, count: owner?.settings.length ?? 1 };
  };
  return { policies, stateOf: (device, setting) => derivedState(device, placeOf(setting)) };
}

const badStates: ReadonlyMap<unknown, string> = new Map([
  ['noncompliant', 'nonCompliant'],
  ['inGracePeriod', 'nonCompliant'],
  ['error', 'error'],
  ['conflict', 'conflict'],
]);

function derivedState(device: MicrosoftRecord, { index, count }: { index: number; count: number }): string {
  const state = device['complianceState'];
  if (state === 'compliant') return 'compliant';
  const bad = badStates.get(state);
  if (bad === undefined) return 'unknown';
  const start = createHash('md5').update(String(device['id'])).digest().readUInt8(0);
  const isHit = index === start % count || (count > 3 && state === 'noncompliant' && index === (start + 2) % count);
  return isHit ? bad : 'compliant';
}
