import type { Compliance, Policy, Setting } from '../estate/compliance.js';
import type { Estate } from '../estate/estate.js';
import type { MicrosoftRecord } from '../tenants.js';

/** Worst first; what all settings of a device come to is the worst of them. */
const order = ['error', 'conflict', 'nonCompliant', 'unknown', 'compliant', 'notApplicable'];

function overall(compliance: Compliance, policy: Policy, device: MicrosoftRecord): string {
  const states = policy.settings.map((setting) => compliance.stateOf(device, setting));
  return order.find((state) => states.includes(state)) ?? 'unknown';
}

const userOf = (device: MicrosoftRecord) => ({
  userId: device['userId'] ?? null,
  userEmail: device['emailAddress'] ?? null,
  userName: device['userDisplayName'] ?? null,
  userPrincipalName: device['userPrincipalName'] ?? null,
});

export function policyState(compliance: Compliance, policy: Policy, device: MicrosoftRecord): MicrosoftRecord {
  const settingStates = policy.settings.map((setting) => ({
    setting: setting.setting,
    settingName: setting.settingName,
    instanceDisplayName: null,
    state: compliance.stateOf(device, setting),
    errorCode: 0,
    errorDescription: null,
    ...userOf(device),
    sources: [],
    currentValue: null,
  }));
  return {
    '@odata.type': '#microsoft.graph.deviceCompliancePolicyState',
    id: policy.id,
    displayName: policy.record['displayName'] ?? null,
    version: policy.record['version'] ?? 1,
    platformType: policy.settings[0]?.platformType ?? 'all',
    state: overall(compliance, policy, device),
    settingCount: settingStates.length,
    settingStates,
  };
}

export function deviceStatus(compliance: Compliance, policy: Policy, device: MicrosoftRecord): MicrosoftRecord {
  return {
    '@odata.type': '#microsoft.graph.deviceComplianceDeviceStatus',
    id: `${policy.id}_${String(device['id'])}`,
    deviceDisplayName: device['deviceName'] ?? null,
    userName: device['userDisplayName'] ?? null,
    deviceModel: device['model'] ?? null,
    complianceGracePeriodExpirationDateTime: device['complianceGracePeriodExpirationDateTime'] ?? null,
    status: overall(compliance, policy, device),
    lastReportedDateTime: device['lastSyncDateTime'] ?? null,
    userPrincipalName: device['userPrincipalName'] ?? null,
  };
}

export function settingState(compliance: Compliance, setting: Setting, device: MicrosoftRecord): MicrosoftRecord {
  return {
    '@odata.type': '#microsoft.graph.deviceComplianceSettingState',
    id: `${setting.id}_${String(device['id'])}`,
    setting: setting.setting,
    settingName: setting.settingName,
    deviceId: device['id'],
    deviceName: device['deviceName'] ?? null,
    ...userOf(device),
    deviceModel: device['model'] ?? null,
    state: compliance.stateOf(device, setting),
    complianceGracePeriodExpirationDateTime: device['complianceGracePeriodExpirationDateTime'] ?? null,
  };
}

export function settingSummary(estate: Estate, policy: Policy, setting: Setting): MicrosoftRecord {
  const counts = new Map<string, number>();
  for (const device of estate.managedDevices.all()) {
    const state = policy.appliesTo(device) ? estate.compliance.stateOf(device, setting) : 'notApplicable';
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  const count = (state: string) => counts.get(state) ?? 0;
  return {
    '@odata.type': '#microsoft.graph.deviceCompliancePolicySettingStateSummary',
    id: setting.id,
    setting: setting.setting,
    settingName: setting.settingName,
    platformType: setting.platformType,
    unknownDeviceCount: count('unknown'),
    notApplicableDeviceCount: count('notApplicable'),
    compliantDeviceCount: count('compliant'),
    remediatedDeviceCount: 0,
    nonCompliantDeviceCount: count('nonCompliant'),
    errorDeviceCount: count('error'),
    conflictDeviceCount: count('conflict'),
  };
}
