import { SourceError } from '../domain/alerts/alert-source.js';

/** What may stand in a path and, between quotes, in a filter. Defender's own are 40 hexadecimal digits. */
const machineId = /^[\w-]{1,100}$/;
const actionId = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isMachineId(id: string): boolean {
  return machineId.test(id);
}

/** Defender answers 400 to the id of an action that is no GUID. */
export function isActionId(id: string): boolean {
  return actionId.test(id);
}

/** Throws SourceError for an id that must not enter a path or a filter. */
export function checkedMachineId(id: string): string {
  if (isMachineId(id)) return id;
  throw new SourceError('protocol', "The device's id is none of Defender's, so Defender was not asked about it.");
}

/** Throws SourceError likewise. */
export function checkedActionId(id: string): string {
  if (isActionId(id)) return id;
  throw new SourceError('protocol', "The action's id is none of Defender's, so Defender was not asked about it.");
}
