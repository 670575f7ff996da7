import type { SourceDevice } from '../domain/alerts/alert-source.js';
import type { Evidence } from './alert-fields.js';
import { storable, storableOrNull } from './text.js';

const prefix = '#microsoft.graph.security.';
const maxLines = 20;
const maxLine = 300;
const maxName = 256;

type Account = Evidence['userAccount'];
type FileDetails = Evidence['fileDetails'];

const kindOf = (evidence: Evidence) => (evidence['@odata.type'] ?? '').replace(prefix, '');

/** The first device of the evidence that has any id or name. */
export function firstDevice(evidence: readonly Evidence[]): SourceDevice | null {
  for (const one of evidence) {
    if (kindOf(one) !== 'deviceEvidence') continue;
    const device = deviceOf(one);
    if (device.microsoftDeviceId !== null || device.aadDeviceId !== null || device.name !== null) return device;
  }
  return null;
}

function deviceOf(evidence: Evidence): SourceDevice {
  const word = (value: string | null) => storableOrNull(value, maxName);
  return {
    microsoftDeviceId: word(evidence.mdeDeviceId),
    aadDeviceId: word(evidence.azureAdDeviceId),
    name: word(evidence.deviceDnsName) ?? word(evidence.hostName),
    operatingSystem: word(evidence.osPlatform),
    osVersion: word(evidence.version),
    risk: word(evidence.riskScore),
    health: word(evidence.healthStatus),
    onboarding: word(evidence.onboardingStatus),
  };
}

/** The person concerned: named as user, else as mailbox, else logged on to the device, else running the process. */
export function firstUser(evidence: readonly Evidence[]): string | null {
  const named = [
    ...evidence.filter((one) => kindOf(one) === 'userEvidence').map((one) => accountName(one.userAccount)),
    ...evidence.filter((one) => kindOf(one) === 'mailboxEvidence').map((one) => one.upn ?? one.primaryAddress),
    ...evidence.flatMap((one) => one.loggedOnUsers.map(accountName)),
    ...evidence.filter((one) => kindOf(one) === 'processEvidence').map((one) => personName(one.userAccount)),
  ];
  return named.map((name) => storableOrNull(name, maxName)).find((name) => name !== null) ?? null;
}

/** A user principal name, or domain\account where the directory gives none. */
function accountName(account: Account): string | null {
  if (!account) return null;
  if (account.userPrincipalName) return account.userPrincipalName;
  if (!account.accountName) return account.displayName;
  return account.domainName ? `${account.domainName}\\${account.accountName}` : account.accountName;
}

/** Services run as accounts of the machine, which are nobody. */
function personName(account: Account): string | null {
  return /^nt (authority|service)$/i.test(account?.domainName ?? '') ? null : accountName(account);
}

export function malwareName(evidence: readonly Evidence[]): string | null {
  return evidence.find((one) => kindOf(one) === 'malwareEvidence' && one.name)?.name ?? null;
}

/** Short lines for people, without repeats: at most 20 of at most 300 characters. */
export function evidenceLines(evidence: readonly Evidence[]): string[] {
  const lines = new Set<string>();
  for (const one of evidence) {
    if (lines.size >= maxLines) break;
    const line = storableOrNull(lineOf(one), maxLine);
    if (line !== null) lines.add(line);
  }
  return [...lines];
}

const writers: ReadonlyMap<string, (evidence: Evidence) => string | null> = new Map([
  ['deviceEvidence', (e) => labelled('Device', e.deviceDnsName ?? e.hostName)],
  ['userEvidence', (e) => labelled('User', accountName(e.userAccount))],
  ['mailboxEvidence', (e) => labelled('Mailbox', e.primaryAddress ?? e.upn)],
  ['fileEvidence', (e) => labelled('File', fileText(e.fileDetails))],
  ['processEvidence', (e) => labelled('Process', e.processCommandLine ?? fileText(e.imageFile))],
  ['ipEvidence', (e) => labelled('Address', e.ipAddress)],
  ['urlEvidence', (e) => labelled('URL', e.url)],
  ['analyzedMessageEvidence', (e) => labelled('Message', messageText(e))],
  ['registryKeyEvidence', (e) => labelled('Registry key', registryText(e))],
  ['registryValueEvidence', (e) => labelled('Registry value', registryText(e))],
  ['malwareEvidence', (e) => labelled('Malware', e.name)],
  ['cloudApplicationEvidence', (e) => labelled('Cloud app', e.displayName)],
]);

function lineOf(evidence: Evidence): string | null {
  const kind = kindOf(evidence);
  const write = writers.get(kind);
  if (write) return write(evidence);
  const words = storable(kind, 60)
    .replace(/Evidence$/, '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase();
  const label = words.charAt(0).toUpperCase() + words.slice(1);
  return labelled(label, evidence.displayName ?? evidence.name ?? evidence.resourceName ?? evidence.domainName);
}

const labelled = (label: string, value: string | null) => (value && label ? `${label} ${value}` : null);

function fileText(details: FileDetails): string | null {
  if (!details?.fileName) return details?.sha256 ?? details?.sha1 ?? null;
  const place = details.filePath ? ` in ${details.filePath}` : '';
  const hash = details.sha256 ? ` (sha256 ${details.sha256})` : details.sha1 ? ` (sha1 ${details.sha1})` : '';
  return `${details.fileName}${place}${hash}`;
}

function messageText(evidence: Evidence): string | null {
  const sender = evidence.p1Sender?.emailAddress;
  if (!evidence.subject) return sender ? `from ${sender}` : null;
  return `"${evidence.subject}"${sender ? ` from ${sender}` : ''}`;
}

const registryText = (evidence: Evidence) =>
  [evidence.registryHive, evidence.registryKey].filter(Boolean).join('\\') || null;
