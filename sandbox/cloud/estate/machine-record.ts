import { createHash } from 'node:crypto';
import type { MicrosoftRecord } from '../tenants.js';
import { microsoftTimeOf } from './action-record.js';
import type { EstateDevice } from './device.js';
import type { Switched } from './power.js';

const dayMs = 86_400_000;
const sentinel = '0001-01-01T00:00:00Z';

/** Milliseconds into the day at which this machine sends its full report, which is what lastSeen tells (reference 1.4). */
const reportTime = (machineId: string) => createHash('md5').update(machineId).digest().readUInt32LE(0) % dayMs;

function lastSeenOf(device: EstateDevice, machineId: string, now: number, switched: Switched | null): number {
  const isBack = switched?.isOnline ?? device.silentDays === 0;
  const until = isBack ? now : Math.min(now, switched?.at ?? now - (device.silentDays ?? 0) * dayMs);
  const phase = reportTime(machineId);
  const report = Math.floor((until - phase) / dayMs) * dayMs + phase;
  return switched?.isOnline ? Math.max(report, switched.at) : report;
}

function healthOf(device: EstateDevice, now: number, switched: Switched | null): string {
  if (switched?.isOnline) return device.health === 'Inactive' ? 'Active' : device.health;
  return switched && now - switched.at >= 7 * dayMs ? 'Inactive' : device.health;
}

/** The machine as Defender lists it at `now` (ms); `switched` is the last time somebody switched it on or off. */
export function machineRecord(device: EstateDevice, now: number, switched: Switched | null): MicrosoftRecord {
  const id = device.machineId ?? '';
  const isUnmanaged = device.onboarding !== 'Onboarded';
  const seen = device.silentDays === null ? null : lastSeenOf(device, id, now, switched);
  const isLinux = device.build === null && device.os !== 'macOS';
  return {
    id,
    mergedIntoMachineId: null,
    isPotentialDuplication: false,
    isExcluded: false,
    exclusionReason: null,
    computerDnsName: device.name,
    firstSeen: seen === null ? sentinel : microsoftTimeOf(Date.parse('2025-11-03T07:12:44.213Z')),
    lastSeen: seen === null ? sentinel : microsoftTimeOf(seen),
    osPlatform: device.os,
    osVersion: null,
    osProcessor: isUnmanaged ? null : 'x64',
    version: device.version,
    lastIpAddress: isLinux ? '127.0.0.1' : device.address,
    lastExternalIpAddress: '203.0.113.7',
    agentVersion: isUnmanaged ? null : '10.8760.26100.1882',
    osBuild: device.build,
    healthStatus: healthOf(device, now, switched),
    deviceValue: device.value,
    rbacGroupId: device.group === null ? 0 : 12,
    rbacGroupName: device.group,
    riskScore: device.risk,
    exposureLevel: device.exposure,
    isAadJoined: device.isAadJoined,
    aadDeviceId: device.machineAadDeviceId,
    machineTags: device.tags,
    defenderAvStatus: isUnmanaged ? 'NotSupported' : 'Updated',
    onboardingStatus: device.onboarding,
    osArchitecture: isUnmanaged ? null : '64-bit',
    managedBy: device.intuneId === null ? 'Unknown' : 'Intune',
    managedByStatus: device.intuneId === null ? 'Unknown' : 'Success',
    ipAddresses: [
      { ipAddress: device.address, macAddress: '00155D2A4C10', type: 'Ethernet', operationalStatus: 'Up' },
      { ipAddress: '127.0.0.1', macAddress: null, type: 'SoftwareLoopback', operationalStatus: 'Up' },
    ],
    vmMetadata: null,
  };
}
