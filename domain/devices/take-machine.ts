import { storable, storableOrNull } from '../text.js';
import { addRow, touch } from './desk.js';
import type { Desk } from './desk.js';
import type { SourceMachine } from './device-source.js';
import { splitIntunePart } from './intune-part.js';
import { moment } from './mirror-device.js';
import type { MirrorDevice } from './mirror-device.js';
import { riskScore } from './risk.js';

const mostTags = 50;

/** What Defender says of a machine goes to its row, found by its id alone. */
export function takeMachine(desk: Desk, machine: SourceMachine): void {
  const { microsoftDeviceId } = machine;
  const row = desk.byMicrosoftId.get(microsoftDeviceId) ?? addRow(desk, { microsoftDeviceId });
  const aadDeviceId = machine.aadDeviceId ?? row.aadDeviceId;
  touch(desk, row.aadDeviceId);
  touch(desk, aadDeviceId);
  if (row.aadDeviceId !== aadDeviceId && row.intuneDeviceId !== null) splitIntunePart(desk, row, row.aadDeviceId);
  Object.assign(row, factsOf(machine, row), { aadDeviceId, missedSyncs: 0, isStub: false });
}

/** Times and texts that identify are kept when Defender does not say them this time; the rest is as it says now. */
function factsOf(machine: SourceMachine, row: MirrorDevice): Partial<MirrorDevice> {
  return {
    name: storableOrNull(machine.name, 255) ?? row.name,
    operatingSystem: storableOrNull(machine.operatingSystem, 100) ?? row.operatingSystem,
    osVersion: storableOrNull(machine.osVersion, 100) ?? row.osVersion,
    riskScore: riskScore(machine.risk),
    exposure: storableOrNull(machine.exposure, 50),
    health: storableOrNull(machine.health, 50),
    onboarding: storableOrNull(machine.onboarding, 50),
    deviceValue: storableOrNull(machine.deviceValue, 50),
    tags: machine.tags.slice(0, mostTags).map((tag) => storable(tag, 200)),
    firstSeenAt: machine.firstSeenAt === null ? row.firstSeenAt : moment(machine.firstSeenAt),
    lastSeenAt: machine.lastSeenAt === null ? ownSight(row) : moment(machine.lastSeenAt),
  };
}

/** Until Defender has been read, the row has what Intune saw, which says nothing about the age of Defender's record. */
function ownSight(row: MirrorDevice): Date | null {
  return row.isStub ? null : row.lastSeenAt;
}
