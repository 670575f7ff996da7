import type { EstateDevice } from './device.js';

/** A line of the table below: what is not said is that of an ordinary Windows 11 laptop. */
export interface ExtraDevice extends Partial<
  Pick<
    EstateDevice,
    'os' | 'build' | 'version' | 'risk' | 'exposure' | 'health' | 'onboarding' | 'value' | 'tags' | 'group'
  >
> {
  readonly host: string;
  /** Defender's ids differ where host names are the same. */
  readonly twin?: number;
  /** own: an id of its own; unsaid: Intune knows it, Defender says null; nil: the GUID of zeros; none: not joined. */
  readonly entra?: 'own' | 'shared' | 'unsaid' | 'nil' | 'none';
  readonly where?: 'both' | 'defender' | 'intune';
  readonly silentDays?: number | null;
  readonly compliance?: string;
  readonly intuneName?: string;
}

const server = { where: 'defender', version: '21H2', os: 'WindowsServer2022', build: 20348, group: 'Servers' } as const;

/** What real fleets hold besides ordinary laptops; the strange values have been seen in real data (reference 1.4, 1.5). */
export const contosoExtras: readonly ExtraDevice[] = [
  { ...server, host: 'srv-dc-02', tags: ['domain-controller', 'tier-0'], value: 'High', risk: 'Low', exposure: 'Low' },
  { ...server, host: 'srv-hv-01', tags: ['hyper-v-host'], value: 'High', risk: 'Medium', exposure: 'Medium' },
  { ...server, host: 'srv-old-01', os: 'WindowsServer2008R2', build: 7601, version: '6.1', risk: 'High' },
  { ...server, host: 'srv-app-03', os: 'RedHatEnterpriseLinux', build: null, version: 'Other', entra: 'none' },
  { ...server, host: 'srv-k8s-01', os: 'Debian', build: null, version: '12', entra: 'none', group: null },
  { host: 'lap-ceo-01', value: 'High', tags: ['executive'], risk: 'Medium', exposure: 'Low' },
  { host: 'lap-0255', twin: 1, entra: 'shared', health: 'Inactive', silentDays: 41, risk: null, where: 'defender' },
  { host: 'lap-0255', twin: 2, entra: 'shared', risk: 'Low' },
  { host: 'kiosk-lobby-2', twin: 1, group: 'Lobby north', risk: 'None', compliance: 'noncompliant' },
  { host: 'kiosk-lobby-2', twin: 2, group: 'Lobby south', risk: 'Low' },
  { host: 'Nestor’s MacBook Pro', os: 'macOS', build: null, version: '15.1', risk: 'Informational' },
  {
    host: 'lap-new-07',
    onboarding: 'CanBeOnboarded',
    health: 'Unknown',
    risk: null,
    exposure: null,
    entra: 'none',
    where: 'defender',
  },
  { host: 'prn-gate-02', os: 'Other', build: null, onboarding: 'Unsupported', where: 'defender', entra: 'none' },
  { host: 'desk-cnc-01', os: 'Windows10', build: 14393, version: '1607', risk: 'High', exposure: 'High' },
  { host: 'lap-0301', silentDays: null, risk: null, health: 'NoSensorData' },
  { host: 'desk-lab-01', risk: 'Severe', exposure: 'VeryHigh', health: 'Dreaming', compliance: 'remediationPending' },
  { host: 'lap-0310', entra: 'unsaid', risk: 'Medium', compliance: 'inGracePeriod' },
  { host: 'lap-0322', entra: 'nil', risk: 'Low', compliance: 'error' },
  { host: 'pho-0007', os: 'iOS', build: null, version: '18.1', where: 'intune' },
  { host: 'pho-0012', os: 'Android', build: null, version: '15', where: 'intune', compliance: 'noncompliant' },
  { host: 'lap-0402', where: 'intune', intuneName: 'LAP-0402', compliance: 'conflict' },
  {
    host: 'tab-0003',
    os: 'iPadOS',
    build: null,
    version: '18.1',
    where: 'intune',
    entra: 'none',
    compliance: 'unknown',
  },
];

export const fabrikamExtras: readonly ExtraDevice[] = [
  { ...server, host: 'srv-dc-02', tags: ['domain-controller'], value: 'High', risk: 'None', exposure: 'Low' },
  { host: 'lap-0901', risk: 'Low', compliance: 'noncompliant' },
  { host: 'pho-0001', os: 'iOS', build: null, version: '18.1', where: 'intune' },
];
