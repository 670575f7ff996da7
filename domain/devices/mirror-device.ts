/** What a sync knows and changes of a row of edr_devices, with Intune's verdict on it. Times are Microsoft's. */
export interface MirrorDevice extends DefenderPart, IntunePart {
  readonly id: string;
  /** What Defender and Intune records are merged on; in lower case. */
  aadDeviceId: string | null;
  name: string | null;
  operatingSystem: string | null;
  osVersion: string | null;
  lastSeenAt: Date | null;
  goneAt: Date | null;
}

/** What only Defender says of a device. */
export interface DefenderPart {
  microsoftDeviceId: string | null;
  health: string | null;
  riskScore: number | null;
  exposure: string | null;
  onboarding: string | null;
  deviceValue: string | null;
  tags: readonly string[];
  firstSeenAt: Date | null;
  missedSyncs: number;
  supersededBy: string | null;
  isStub: boolean;
}

/** What only Intune says of a device. It moves from row to row when the Entra id does. */
export interface IntunePart {
  intuneDeviceId: string | null;
  serialNumber: string | null;
  primaryUser: string | null;
  compliance: string | null;
  enrollment: string | null;
  intuneMissedSyncs: number;
  verdict: Verdict | null;
}

/** A row of edr_compliance, which also has the rules that the device fails. */
export interface Verdict {
  readonly id: string;
  readonly state: string;
  readonly checkedAt: Date;
}

/** So many complete walks in a row without a device: the source does not have it any more. */
export const strikes = 2;

export const noDefender: DefenderPart = {
  microsoftDeviceId: null,
  health: null,
  riskScore: null,
  exposure: null,
  onboarding: null,
  deviceValue: null,
  tags: [],
  firstSeenAt: null,
  missedSyncs: 0,
  supersededBy: null,
  isStub: false,
};

export const noIntune: IntunePart = {
  intuneDeviceId: null,
  serialNumber: null,
  primaryUser: null,
  compliance: null,
  enrollment: null,
  intuneMissedSyncs: 0,
  verdict: null,
};

export const defenderHasIt = (row: DefenderPart) => row.microsoftDeviceId !== null && row.missedSyncs < strikes;
export const intuneHasIt = (row: IntunePart) => row.intuneDeviceId !== null && row.intuneMissedSyncs < strikes;

export function intunePartOf(row: IntunePart): IntunePart {
  const { intuneDeviceId, serialNumber, primaryUser, compliance, enrollment, intuneMissedSyncs, verdict } = row;
  return { intuneDeviceId, serialNumber, primaryUser, compliance, enrollment, intuneMissedSyncs, verdict };
}

/** Microsoft's text of a time, in whole milliseconds. Throws RangeError when it is none. */
export function moment(text: string): Date {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) throw new RangeError(`not a time: ${text.slice(0, 50)}`);
  return at;
}
