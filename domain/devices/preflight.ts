import type { DeviceActionKind } from '../actions/action.js';
import { deviceSentences as say } from './device-sentences.js';
import type { Device } from './device.js';

export type Preflight = Pick<
  Device,
  'microsoftDeviceId' | 'goneAt' | 'supersededBy' | 'onboarding' | 'operatingSystem' | 'osVersion'
>;

const notOnboarded: ReadonlyMap<string, string> = new Map([
  ['canbeonboarded', say.canBeOnboarded],
  ['unsupported', say.onboardingUnsupported],
  ['insufficientinfo', say.onboardingUnclear],
]);

const never = /android|ios|ipados|windows\s*(xp|vista|phone)/i;
/** Isolation came with Windows 10 1703 and Windows Server 2012 R2. */
const tooOldToIsolate = /windows\s*(7|8)|windows\s*server\s*(2003|2008|2012(?!\s*r2))/i;
const windows = /windows/i;

/**
 * Why a device cannot be isolated, released or scanned, as a sentence that says what to do; null when nothing speaks against
 * it. What is not known is no fault: the job asks Microsoft again before it acts.
 */
export function preflightFault(device: Preflight, kind: DeviceActionKind, parameter: string | null): string | null {
  return recordFault(device) ?? onboardingFault(device) ?? platformFault(device, kind, parameter);
}

function recordFault({ microsoftDeviceId, goneAt, supersededBy }: Preflight): string | null {
  if (supersededBy !== null) return say.superseded;
  if (goneAt !== null) return say.gone;
  return microsoftDeviceId === null ? say.unknownToDefender : null;
}

function onboardingFault({ onboarding }: Preflight): string | null {
  return notOnboarded.get(onboarding?.toLowerCase() ?? '') ?? null;
}

function platformFault(device: Preflight, kind: DeviceActionKind, parameter: string | null): string | null {
  const platform = device.operatingSystem ?? '';
  if (never.test(platform)) return say.platformNever;
  if (kind === 'scan') return null;
  if (tooOldToIsolate.test(platform) || isOlder(device, 1703)) return say.platformTooOld;
  if (kind !== 'isolate' || parameter !== 'Selective' || platform === '') return null;
  if (!windows.test(platform)) return say.selectiveOnlyWindows;
  return isOlder(device, 1709) ? say.selectiveTooOld : null;
}

/** True for a Windows 10 whose version is known and older, such as 1607; later ones are named 20H2 and so on. */
function isOlder({ operatingSystem, osVersion }: Preflight, than: number): boolean {
  if (!/^windows\s*10$/i.test(operatingSystem?.trim() ?? '')) return false;
  const release = /^\d{4}$/.exec(osVersion?.trim() ?? '')?.[0];
  return release !== undefined && Number(release) < than;
}
