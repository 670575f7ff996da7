import type { AlertUpdates, DeviceActions } from '../domain/actions/action-gateway.js';
import type { AlertSource } from '../domain/alerts/alert-source.js';
import type { MachineSource, ManagedDeviceSource } from '../domain/devices/device-source.js';
import type { VulnerabilitySource } from '../domain/vulnerabilities/vulnerability-source.js';
import { createAlertUpdates } from './alert-updates.js';
import { createGraphAlertSource } from './alerts.js';
import type { CredentialSource } from './credentials.js';
import { createDefenderMachines } from './defender-machines.js';
import { createDefenderVulnerabilities } from './defender-vulnerabilities.js';
import { createDeviceActions } from './device-actions.js';
import { createIntuneDevices } from './intune-devices.js';
import type { RestOptions } from './rest.js';
import { createTokens } from './tokens.js';

export interface MicrosoftOptions extends Omit<RestOptions, 'tokens'> {
  readonly reader: CredentialSource;
  /** Null: nothing is ever sent. */
  readonly actor: CredentialSource | null;
}

/** Microsoft as the domain sees it. */
export interface Microsoft {
  readonly sources: {
    readonly alerts: AlertSource;
    readonly machines: MachineSource;
    readonly managedDevices: ManagedDeviceSource;
    readonly vulnerabilities: VulnerabilitySource;
  };
  readonly deviceActions: DeviceActions | null;
  readonly alertUpdates: AlertUpdates | null;
}

/** Reading and acting have applications, credentials and tokens of their own, which never meet. */
export function connectMicrosoft({ reader, actor, ...options }: MicrosoftOptions): Microsoft {
  const reading = { ...options, tokens: createTokens({ ...tokenOptions(options), credentials: reader }) };
  const acting = actor && { ...options, tokens: createTokens({ ...tokenOptions(options), credentials: actor }) };
  return {
    sources: {
      alerts: createGraphAlertSource(reading),
      machines: createDefenderMachines(reading),
      managedDevices: createIntuneDevices(reading),
      vulnerabilities: createDefenderVulnerabilities(reading),
    },
    deviceActions: acting && createDeviceActions(acting),
    alertUpdates: acting && createAlertUpdates(acting),
  };
}

/** Limits of a request for a token are its own. */
function tokenOptions({ cloud, transport, log }: Omit<RestOptions, 'tokens'>) {
  return { cloud, transport, log };
}
