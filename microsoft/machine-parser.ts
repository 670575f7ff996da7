import { z } from 'zod';
import type { SourceMachine } from '../domain/devices/device-source.js';
import { entraDeviceId, identifier, number, text, texts } from './members.js';
import type { RecordParser } from './page-records.js';
import { storableOrNull } from './text.js';
import { microsoftTime } from './timestamps.js';

/** UTF-16 units; as long as the columns that they end in. */
const caps = { id: 255, name: 255, system: 100, word: 50, tag: 200, tags: 100 };

/** Only `id` is indispensable. */
const record = z.object({
  id: identifier(caps.id),
  computerDnsName: text,
  osPlatform: text,
  version: text,
  osBuild: number,
  riskScore: text,
  exposureLevel: text,
  healthStatus: text,
  onboardingStatus: text,
  deviceValue: text,
  aadDeviceId: text,
  machineTags: texts,
  firstSeen: text,
  lastSeen: text,
});
type MachineRecord = z.infer<typeof record>;

/** A machine of Defender's /api/machines, whatever was sent. */
export const machineParser: RecordParser<MachineRecord, SourceMachine> = { record, toItem };

function toItem(machine: MachineRecord): SourceMachine {
  const word = (value: string | null) => storableOrNull(value, caps.word);
  return {
    microsoftDeviceId: machine.id,
    aadDeviceId: entraDeviceId(machine.aadDeviceId),
    name: storableOrNull(machine.computerDnsName, caps.name),
    operatingSystem: storableOrNull(machine.osPlatform, caps.system),
    osVersion: storableOrNull(machine.version, caps.system) ?? storableOrNull(machine.osBuild?.toString(), caps.system),
    risk: word(machine.riskScore),
    exposure: word(machine.exposureLevel),
    health: word(machine.healthStatus),
    onboarding: word(machine.onboardingStatus),
    deviceValue: word(machine.deviceValue),
    tags: tagsOf(machine.machineTags),
    firstSeenAt: microsoftTime(machine.firstSeen),
    lastSeenAt: microsoftTime(machine.lastSeen),
  };
}

function tagsOf(sent: readonly string[]): readonly string[] {
  const tags = sent.map((tag) => storableOrNull(tag, caps.tag)).filter((tag) => tag !== null);
  return [...new Set(tags)].slice(0, caps.tags);
}
