import type { SourceDevice } from '../alerts/alert-source.js';
import { storableOrNull } from '../text.js';
import { riskScore } from './risk.js';

/** A device that an alert names, with what the alert says of it. Ids are Microsoft's. */
export interface NamedDevice {
  readonly microsoftId: string | null;
  readonly aadId: string | null;
  readonly name: string | null;
  readonly os: string | null;
  readonly osVersion: string | null;
  readonly risk: number | null;
  readonly health: string | null;
  readonly onboarding: string | null;
}

/** Named devices as rows of a statement. */
export const input = (columns: string) => `json_to_recordset(?::json) as x(${columns})`;
export const facts = 'risk int, health text, onboarding text';

export function toNamed(device: SourceDevice): NamedDevice {
  return {
    microsoftId: device.microsoftDeviceId,
    aadId: device.aadDeviceId?.toLowerCase() ?? null,
    name: storableOrNull(device.name, 255),
    os: storableOrNull(device.operatingSystem, 100),
    osVersion: storableOrNull(device.osVersion, 100),
    risk: riskScore(device.risk),
    health: storableOrNull(device.health, 50),
    onboarding: storableOrNull(device.onboarding, 50),
  };
}
