import type { OpenAction } from '../domain/actions/action.js';
import type { DeviceVerb } from '../domain/devices/device.js';
import { isIsolated } from './device-words.js';

interface Held {
  readonly isolation: string | null;
  readonly openActions: readonly Pick<OpenAction, 'kind' | 'status'>[];
}

/** Acts that make sense for at least one of the devices; whether they are possible the form says. */
export function deviceVerbs(devices: readonly Held[]): DeviceVerb[] {
  return [
    ...(devices.some(canBeIsolated) ? (['device.isolate'] as const) : []),
    ...(devices.some(canBeReleased) ? (['device.release'] as const) : []),
    ...(devices.some((device) => !hasOpen(device, 'scan')) ? (['device.scan'] as const) : []),
  ];
}

/** When the work is over, only what still stands in somebody's way is offered. */
export function releaseOnly(devices: readonly Held[]): DeviceVerb[] {
  return devices.some(canBeReleased) ? ['device.release'] : [];
}

function canBeIsolated(device: Held): boolean {
  return !isIsolated(device) && !hasOpen(device, 'isolate') && !hasOpen(device, 'unisolate');
}

/** An isolation of which no outcome is known may have happened. */
function canBeReleased(device: Held): boolean {
  const mayBeIsolated = device.openActions.some(({ kind, status }) => kind === 'isolate' && status === 'unknown');
  return (isIsolated(device) || mayBeIsolated) && !hasOpen(device, 'unisolate');
}

function hasOpen({ openActions }: Held, sought: OpenAction['kind']): boolean {
  return openActions.some(({ kind }) => kind === sought);
}
