import type { SandboxCloud } from '../cloud/cloud.js';
import type { MicrosoftRecord } from '../cloud/tenants.js';

export const nameOf = (record: MicrosoftRecord) =>
  String(record['computerDnsName'] ?? record['deviceName'] ?? record['id']);

/** Case and the form of apostrophes do not count. */
const plain = (name: unknown) => (typeof name === 'string' ? name.toLowerCase().replace(/[’‘ʼ]/g, "'") : '');

/** The whole name, else the first that begins with it, else the first that has it somewhere. */
export function deviceNamed(cloud: SandboxCloud, customer: string, wanted: string): MicrosoftRecord | undefined {
  const machines = cloud.machines(customer);
  const name = plain(wanted);
  return (
    machines.find((one) => plain(one['computerDnsName']) === name || one['id'] === wanted) ??
    machines.find((one) => plain(one['computerDnsName']).startsWith(name)) ??
    machines.find((one) => plain(one['computerDnsName']).includes(name))
  );
}

/** The device of the newest alert that names one which Defender knows. */
export function newestAlertsDevice(cloud: SandboxCloud, customer: string): MicrosoftRecord | undefined {
  const machines = new Map(cloud.machines(customer).map((one) => [one['id'], one]));
  const newestFirst = [...cloud.alerts(customer)].sort((a, b) =>
    String(b.createdDateTime).localeCompare(String(a.createdDateTime)),
  );
  for (const { evidence } of newestFirst) {
    const named = Array.isArray(evidence) ? (evidence as MicrosoftRecord[]) : [];
    const found = named.map(({ mdeDeviceId }) => machines.get(mdeDeviceId)).find((one) => one !== undefined);
    if (found) return found;
  }
  return undefined;
}

/** By the Entra id, else by the host name. */
export function isSameDevice(managed: MicrosoftRecord, machine: MicrosoftRecord): boolean {
  const entra = plain(managed['azureADDeviceId']);
  if (entra !== '' && entra === plain(machine['aadDeviceId'])) return true;
  const host = plain(machine['computerDnsName']).split('.')[0] ?? '';
  return host !== '' && plain(managed['deviceName']) === host;
}
