import { openPool } from '../../database/pool.js';
import { acceptEntraTenant, addMember, addTenant, grantInstallationAdmin } from '../../domain/access/provision.js';
import { setActionPolicy } from '../../domain/actions/operator-policy.js';
import { sandboxTenants } from '../cloud/tenants.js';
import { people, provider } from './people.js';

/**
 * Gives the pretend people their tenants and roles, by the same functions that the command line uses. `url` is the migration
 * login's. Returns the channels (by conversation id) that an admin has linked already.
 */
export async function seed(url: string): Promise<ReadonlySet<string>> {
  const admin = openPool(url, 2, 'avian-sandbox');
  try {
    const known = await admin<{ domain: string }>('tenants').whereIn(
      'domain',
      sandboxTenants.map((tenant) => tenant.domain),
    );
    if (known.length < sandboxTenants.length) {
      await acceptEntraTenant(admin, provider.entraTenantId, provider.name);
      for (const tenant of sandboxTenants) await seedTenant(admin, tenant);
      for (const person of people.filter((one) => one.isInstallationAdmin)) {
        await grantInstallationAdmin(admin, provider.entraTenantId, person.aadObjectId);
      }
    }
    const links = await admin<{ conversation_id: string; state: string }>('channel_links').whereNot('state', 'removed');
    return new Set(links.map((link) => link.conversation_id));
  } finally {
    await admin.destroy();
  }
}

async function seedTenant(
  admin: Parameters<typeof addTenant>[0],
  tenant: (typeof sandboxTenants)[number],
): Promise<void> {
  const { name, domain, entraTenantId } = tenant;
  const tenantId = await addTenant(admin, { name, domain, entraTenantId });
  // Nothing can come to harm here, and an action that is really sent is what there is to see.
  await setActionPolicy(admin, tenantId, { dryRun: false });
  for (const { role, name: displayName, email, aadObjectId } of people) {
    if (role)
      await addMember(admin, tenantId, {
        displayName,
        email,
        role,
        entraTenantId: provider.entraTenantId,
        aadObjectId,
      });
  }
}
