import { createHash } from 'node:crypto';
import type { FleetDevice, Person } from './fleet.js';

/** Everything that a scenario may show of the moment it plays in. */
export interface Scene {
  readonly device: FleetDevice;
  readonly otherDevice: FleetDevice;
  readonly person: Person;
  readonly otherPerson: Person;
  readonly company: string;
  readonly domain: string;
  /** Microsoft's text form. */
  readonly at: string;
  readonly number: number;
}

export type EvidenceRecord = Readonly<Record<string, unknown>>;

function evidence(scene: Scene, type: string, members: EvidenceRecord): EvidenceRecord {
  return {
    '@odata.type': `#microsoft.graph.security.${type}`,
    createdDateTime: scene.at,
    verdict: 'suspicious',
    remediationStatus: 'none',
    remediationStatusDetails: null,
    roles: [],
    detailedRoles: [],
    tags: [],
    ...members,
  };
}

export function deviceEvidence(scene: Scene, device = scene.device): EvidenceRecord {
  return evidence(scene, 'deviceEvidence', {
    verdict: 'unknown',
    firstSeenDateTime: '2026-01-12T08:14:05.2213345Z',
    mdeDeviceId: device.mdeDeviceId,
    azureAdDeviceId: device.azureAdDeviceId,
    deviceDnsName: device.dnsName,
    hostName: device.hostName,
    ntDomain: null,
    dnsDomain: `corp.${scene.domain}`,
    osPlatform: device.osPlatform,
    osBuild: device.osBuild,
    version: device.version,
    healthStatus: device.healthStatus,
    riskScore: device.riskScore,
    rbacGroupId: 12,
    rbacGroupName: 'Workplaces',
    onboardingStatus: 'onboarded',
    defenderAvStatus: 'updated',
    ipInterfaces: [device.address],
    lastIpAddress: device.address,
    loggedOnUsers: [{ accountName: scene.person.account, domainName: scene.company.toUpperCase() }],
    vmMetadata: null,
  });
}

const account = (scene: Scene, person: Person) => ({
  accountName: person.account,
  domainName: scene.company.toUpperCase(),
  userSid: person.sid,
  azureAdUserId: person.azureAdUserId,
  userPrincipalName: person.userPrincipalName,
  displayName: person.displayName,
});

export function userEvidence(scene: Scene, person = scene.person): EvidenceRecord {
  return evidence(scene, 'userEvidence', { stream: null, userAccount: account(scene, person) });
}

const fileOf = (path: string) => {
  const cut = Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/'));
  const hash = (kind: string) => createHash(kind).update(path).digest('hex');
  return {
    sha1: hash('sha1'),
    sha256: hash('sha256'),
    fileName: path.slice(cut + 1),
    filePath: path.slice(0, Math.max(cut, 0)),
    fileSize: 1024 * (40 + (path.length % 900)),
    filePublisher: null,
    signer: null,
    issuer: null,
  };
};

export function fileEvidence(scene: Scene, path: string, members: EvidenceRecord = {}): EvidenceRecord {
  return evidence(scene, 'fileEvidence', {
    verdict: 'malicious',
    detectionStatus: 'detected',
    mdeDeviceId: scene.device.mdeDeviceId,
    fileDetails: fileOf(path),
    ...members,
  });
}

export function processEvidence(
  scene: Scene,
  image: string,
  commandLine: string,
  parent = 'explorer.exe',
): EvidenceRecord {
  return evidence(scene, 'processEvidence', {
    processId: 4000 + (scene.number % 900) * 4,
    parentProcessId: 612,
    processCommandLine: commandLine,
    processCreationDateTime: scene.at,
    parentProcessCreationDateTime: scene.at,
    detectionStatus: 'detected',
    mdeDeviceId: scene.device.mdeDeviceId,
    imageFile: fileOf(image),
    parentProcessImageFile: { ...fileOf(`C:\\Windows\\${parent}`), sha1: null, sha256: null },
    userAccount: account(scene, scene.person),
  });
}

/** Addresses are from the ranges set aside for documentation. */
export function ipEvidence(scene: Scene, ipAddress: string, countryLetterCode: string | null = null): EvidenceRecord {
  return evidence(scene, 'ipEvidence', { ipAddress, countryLetterCode, location: null, stream: null });
}

export function urlEvidence(scene: Scene, url: string): EvidenceRecord {
  return evidence(scene, 'urlEvidence', { url });
}

export function mailEvidence(scene: Scene, subject: string, sender: string, urlCount: number): EvidenceRecord {
  return evidence(scene, 'analyzedMessageEvidence', {
    networkMessageId: createHash('md5').update(`${subject} ${scene.number}`).digest('hex'),
    internetMessageId: `<${scene.number}@mail.${scene.domain}>`,
    subject,
    language: 'en',
    senderIp: '203.0.113.25',
    recipientEmailAddress: scene.person.userPrincipalName,
    antiSpamDirection: 'inbound',
    deliveryAction: 'delivered',
    deliveryLocation: 'inbox',
    threats: ['Phish'],
    threatDetectionMethods: ['URL detonation'],
    urlCount,
    attachmentsCount: 0,
    receivedDateTime: scene.at,
    p1Sender: { emailAddress: sender, displayName: null, domainName: sender.split('@')[1] },
    p2Sender: { emailAddress: sender, displayName: null, domainName: sender.split('@')[1] },
  });
}

export function mailboxEvidence(scene: Scene): EvidenceRecord {
  return evidence(scene, 'mailboxEvidence', {
    primaryAddress: scene.person.userPrincipalName,
    displayName: scene.person.displayName,
    upn: scene.person.userPrincipalName,
    userAccount: account(scene, scene.person),
  });
}

export function registryEvidence(scene: Scene, hive: string, key: string): EvidenceRecord {
  return evidence(scene, 'registryKeyEvidence', { registryHive: hive, registryKey: key });
}

export function cloudAppEvidence(scene: Scene, displayName: string): EvidenceRecord {
  return evidence(scene, 'cloudApplicationEvidence', {
    appId: 20_892,
    displayName,
    instanceId: 0,
    instanceName: displayName,
    saasAppId: 20_892,
  });
}
