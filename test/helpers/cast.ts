import type { Knex } from 'knex';
import { acceptEntraTenant, addMember, addTenant, grantInstallationAdmin } from '../../domain/access/provision.js';
import type { Role } from '../../domain/access/actor.js';
import { sandboxTenants } from '../../sandbox/cloud/tenants.js';
import type { Directory, DirectoryPerson } from '../../sandbox/teams/directory.js';

const [contoso, fabrikam] = sandboxTenants;
const provider = '0f7c1e2d-0000-4000-8000-000000000010';
const elsewhere = 'e15e0000-0000-4000-8000-000000000066';

interface Part extends DirectoryPerson {
  readonly contoso?: Role;
  readonly fabrikam?: Role;
}

function part(index: number, name: string, more: Partial<Part> = {}): Part {
  const email = `${name.split(' ')[0]?.toLowerCase() ?? ''}@example.com`;
  return { aadObjectId: `5eed0000-0000-4000-8000-0000000000${10 + index}`, name, title: '', email, ...more };
}

const analyst = 'security_analyst' as const;

/** Everybody who appears in a story, and what they are where. */
export const ana = part(1, 'Ana Ortiz', { contoso: analyst, fabrikam: analyst });
export const bo = part(2, 'Bo Lindqvist', { contoso: analyst, fabrikam: analyst });
export const maya = part(3, 'Maya Chen', { contoso: 'tenant_admin', fabrikam: 'tenant_admin' });
export const alex = part(4, 'Alex Rivera', { contoso: 'tenant_admin' });
export const cora = part(5, 'Cora Contoso', { contoso: analyst });
export const finn = part(6, 'Finn Fabrikam', { fabrikam: analyst });
/** A member once, not any more. */
export const dana = part(7, 'Dana Former', { contoso: analyst });
export const guest = part(8, 'Gus Weber', { isGuest: true });
/** Works for the provider, and nobody has given a role. */
export const stranger = part(9, 'Stella Strange');
/** A role that may do nothing here. */
export const helpdesk = part(10, 'Hal Desk', { contoso: 'it_helpdesk_analyst' });
/** Of an Entra tenant that this installation does not accept. */
export const eve = part(11, 'Eve Elsewhere');

const staff = [ana, bo, maya, alex, cora, finn, dana, guest, stranger, helpdesk];

export const channels = {
  contosoAlerts: 'Contoso alerts',
  contosoIncidents: 'Contoso incidents',
  fabrikamAlerts: 'Fabrikam alerts',
  lobby: 'Lobby',
} as const;

export const directory: Directory = {
  botName: 'AVIAN',
  appId: 'a71a0000-0000-4000-8000-0000000000b0',
  tenants: [
    {
      entraTenantId: provider,
      name: 'Northwind Security',
      people: staff,
      teams: [
        {
          name: 'Security Operations',
          channels: Object.values(channels),
          members: [...staff, eve].map((one) => one.aadObjectId),
        },
      ],
    },
    { entraTenantId: elsewhere, name: 'Elsewhere', people: [eve], teams: [] },
  ],
};

export interface TenantIds {
  readonly contoso: string;
  readonly fabrikam: string;
}

/** Gives everybody the tenants and roles above, as the command line does. */
export async function seedCast(admin: Knex): Promise<TenantIds> {
  await acceptEntraTenant(admin, provider, 'Northwind Security');
  const ids = { contoso: await addTenant(admin, contoso), fabrikam: await addTenant(admin, fabrikam) };
  for (const { name: displayName, email, aadObjectId, ...roles } of staff) {
    const person = { displayName, email, entraTenantId: provider, aadObjectId };
    if (roles.contoso) await addMember(admin, ids.contoso, { ...person, role: roles.contoso });
    if (roles.fabrikam) await addMember(admin, ids.fabrikam, { ...person, role: roles.fabrikam });
  }
  await grantInstallationAdmin(admin, provider, alex.aadObjectId);
  const former = admin('users').select('id').where({ aad_object_id: dana.aadObjectId });
  await admin('tenant_members').whereIn('user_id', former).update({ is_active: false });
  return ids;
}

export async function userIdOf(admin: Knex, person: DirectoryPerson): Promise<string> {
  const row = await admin<{ id: string; aad_object_id: string }>('users')
    .where({ aad_object_id: person.aadObjectId })
    .first();
  if (!row) throw new Error(`${person.name} is no user`);
  return row.id;
}
