import type { Role } from '../../domain/access/actor.js';
import { sandboxTenants } from '../cloud/tenants.js';
import type { Directory, DirectoryPerson } from '../teams/directory.js';

/** The security provider whose Teams everybody works in; its customers are the tenants of the pretend cloud. */
export const provider = {
  name: 'Northwind Security',
  domain: 'northwind.example',
  entraTenantId: '0f7c1e2d-0000-4000-8000-000000000010',
};

interface SeededPerson extends DirectoryPerson {
  /** In every customer tenant; null: nobody has given this person a role. */
  readonly role: Role | null;
  readonly isInstallationAdmin?: boolean;
}

function person(
  index: number,
  name: string,
  title: string,
  role: Role | null,
  more: Partial<SeededPerson> = {},
): SeededPerson {
  const aadObjectId = `5eed0000-0000-4000-8000-00000000000${index}`;
  return {
    aadObjectId,
    name,
    title,
    role,
    email: `${name.split(' ')[0]?.toLowerCase() ?? ''}@${provider.domain}`,
    ...more,
  };
}

export const people: readonly SeededPerson[] = [
  person(1, 'Ana Ortiz', 'Security analyst', 'security_analyst'),
  person(2, 'Bo Lindqvist', 'Security analyst', 'security_analyst'),
  person(3, 'Maya Chen', 'SOC manager', 'tenant_admin'),
  person(4, 'Alex Rivera', 'Administrator', 'tenant_admin', { isInstallationAdmin: true }),
  person(5, 'Gus Weber', 'Guest', null, { isGuest: true }),
];

/** The customers' channels, and what each is for. */
export const channels = sandboxTenants.flatMap((tenant) => [
  { name: `${tenant.name} alerts`, tenant, purpose: 'alerts' as const },
  { name: `${tenant.name} incidents`, tenant, purpose: 'escalations' as const },
]);

export const directory: Directory = {
  botName: 'AVIAN',
  appId: 'a71a0000-0000-4000-8000-0000000000b0',
  tenants: [
    {
      entraTenantId: provider.entraTenantId,
      name: provider.name,
      people,
      teams: [{ name: 'Security Operations', channels: channels.map((channel) => channel.name) }],
    },
  ],
};
