import { guidOf } from '../random.js';
import type { MicrosoftRecord } from '../tenants.js';
import type { Compliance } from './compliance.js';

/** What a folder says: policies, and states of settings by device. */
export function recordedCompliance(records: readonly MicrosoftRecord[]): Compliance {
  const states = records.filter(isSettingState);
  const named = new Map(states.map((record) => [settingKey(record), record]));
  const settings = [...named].map(([key, record]) => ({
    id: guidOf(`setting ${key}`),
    setting: key,
    settingName: typeof record['settingName'] === 'string' ? record['settingName'] : null,
    platformType: 'all',
  }));
  const byDevice = new Map(
    states.map((record) => [`${String(record['deviceId'])} ${settingKey(record)}`, record['state']]),
  );
  const found = records.filter((record) => !isSettingState(record));
  const listed = found.length > 0 || settings.length === 0 ? found : [{ id: guidOf('policy of the folder') }];
  const policies = listed.map((record, index) => ({
    id: typeof record['id'] === 'string' ? record['id'] : `#${index}`,
    record,
    settings: index === 0 ? settings : [],
    appliesTo: (device: MicrosoftRecord) =>
      settings.some(({ setting }) => byDevice.has(`${String(device['id'])} ${setting}`)),
  }));
  return {
    policies,
    stateOf: (device, { setting }) => {
      const state = byDevice.get(`${String(device['id'])} ${setting}`);
      return typeof state === 'string' ? state : 'notApplicable';
    },
  };
}

export const isSettingState = (record: MicrosoftRecord) =>
  'deviceId' in record && ('setting' in record || 'settingName' in record);

const settingKey = (record: MicrosoftRecord) => String(record['setting'] ?? record['settingName']);
