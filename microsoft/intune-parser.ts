import { z } from 'zod';
import type { SourceFailedRule, SourceManagedDevice } from '../domain/devices/device-source.js';
import { entraDeviceId, identifier, number, text } from './members.js';
import type { RecordParser } from './page-records.js';
import { storableOrNull } from './text.js';
import { microsoftTime } from './timestamps.js';

/** UTF-16 units; as long as the columns that they end in. */
const caps = { id: 255, name: 255, system: 100, word: 50, rule: 300 };

/** Members that are read of a managed device, which has over 60; only `id` is indispensable. */
const device = z.object({
  id: identifier(caps.id),
  azureADDeviceId: text,
  deviceName: text,
  serialNumber: text,
  operatingSystem: text,
  osVersion: text,
  userPrincipalName: text,
  emailAddress: text,
  userDisplayName: text,
  complianceState: text,
  deviceRegistrationState: text,
  lastSyncDateTime: text,
});
type DeviceRecord = z.infer<typeof device>;

export const managedDeviceMembers = Object.keys(device.shape);

export const managedDeviceParser: RecordParser<DeviceRecord, SourceManagedDevice> = {
  record: device,
  toItem: (sent) => {
    const name = (value: string | null) => storableOrNull(value, caps.name);
    return {
      intuneDeviceId: sent.id,
      aadDeviceId: entraDeviceId(sent.azureADDeviceId),
      name: name(sent.deviceName),
      serialNumber: name(sent.serialNumber),
      operatingSystem: storableOrNull(sent.operatingSystem, caps.system),
      osVersion: storableOrNull(sent.osVersion, caps.system),
      primaryUser: name(sent.userPrincipalName) ?? name(sent.emailAddress) ?? name(sent.userDisplayName),
      compliance: storableOrNull(sent.complianceState, caps.word),
      enrollment: storableOrNull(sent.deviceRegistrationState, caps.word),
      lastSyncAt: microsoftTime(sent.lastSyncDateTime),
    };
  },
};

/** A setting that compliance policies ask for, and whether it is worth asking which devices fail it. */
export interface SettingSummary {
  readonly id: string;
  readonly rule: string;
}

const summary = z.object({
  id: identifier(500),
  setting: text,
  settingName: text,
  nonCompliantDeviceCount: number,
  errorDeviceCount: number,
  conflictDeviceCount: number,
});
type SummaryRecord = z.infer<typeof summary>;

/** Null for a setting that every device meets. */
export const settingSummaryParser: RecordParser<SummaryRecord, SettingSummary> = {
  record: summary,
  toItem: (sent) => {
    const counts = [sent.nonCompliantDeviceCount, sent.errorDeviceCount, sent.conflictDeviceCount];
    return counts.some((count) => count !== 0) ? { id: sent.id, rule: ruleOf(sent) ?? 'Unnamed rule' } : null;
  },
};

const state = z.object({ deviceId: identifier(caps.id), setting: text, settingName: text, state: text });
type StateRecord = z.infer<typeof state>;

/** Intune writes nonCompliant here and noncompliant at the device. */
const failing = new Set(['noncompliant', 'error', 'conflict']);

/** What a device makes of the setting of `about`; null unless it fails it. */
export const failedRuleParser = (about: SettingSummary): RecordParser<StateRecord, SourceFailedRule> => ({
  record: state,
  toItem: (sent) => {
    const word = storableOrNull(sent.state, caps.word);
    if (word === null || !failing.has(word.toLowerCase())) return null;
    return { intuneDeviceId: sent.deviceId, rule: ruleOf(sent) ?? about.rule, state: word };
  },
});

const ruleOf = (sent: { settingName: string | null; setting: string | null }) =>
  storableOrNull(sent.settingName, caps.rule) ?? storableOrNull(sent.setting, caps.rule);
