import { Option, type Command } from 'commander';
import type { Knex } from 'knex';
import { roles, type Role } from '../../domain/access/actor.js';
import {
  acceptEntraTenant,
  addMember,
  addTenant,
  grantInstallationAdmin,
  revokeInstallationAdmin,
} from '../../domain/access/provision.js';
import { asAdmin, guid, say, tenantOf } from '../administering.js';
import { registerActions } from './tenant-actions.js';

interface MemberOptions {
  readonly tenant: string;
  readonly name: string;
  readonly email?: string;
  readonly role: Role;
  readonly entraTenant: string;
  readonly objectId: string;
}

/** Tenants, people and the first admin. */
export function register(program: Command): void {
  const tenant = program.command('tenant').description('customer tenants');
  tenant
    .command('add')
    .description('add a customer tenant, and accept Teams activities from its Entra tenant')
    .requiredOption('--name <name>', 'name people know it by')
    .requiredOption('--domain <domain>', 'unique domain, e.g. contoso.com')
    .option('--entra-tenant <id>', 'Entra tenant whose alerts are read')
    .action(async (options: { name: string; domain: string; entraTenant?: string }) => {
      const entraTenantId = options.entraTenant === undefined ? null : guid('--entra-tenant', options.entraTenant);
      const id = await asAdmin((admin) => addTenant(admin, { ...options, entraTenantId }));
      say(`Tenant ${options.name} is ${id}.`);
    });
  tenant
    .command('list')
    .description('all tenants')
    .action(() => asAdmin(list));
  tenant
    .command('accept')
    .description("accept Teams activities from an Entra tenant that is no customer, e.g. the MSSP's own")
    .requiredOption('--entra-tenant <id>', 'Entra tenant')
    .requiredOption('--note <note>', 'whose it is')
    .action(async (options: { entraTenant: string; note: string }) => {
      await asAdmin((admin) => acceptEntraTenant(admin, guid('--entra-tenant', options.entraTenant), options.note));
      say('Accepted.');
    });
  registerActions(tenant);
  registerPeople(program);
}

function registerPeople(program: Command): void {
  const member = program.command('member').description('people of a tenant');
  member
    .command('add')
    .description('add a person to a tenant, or change their role')
    .requiredOption('--tenant <domain>', 'domain of the tenant')
    .requiredOption('--name <name>', 'display name')
    .requiredOption('--entra-tenant <id>', "the person's own Entra tenant")
    .requiredOption('--object-id <id>', 'Entra object id of the person there')
    .option('--email <email>', 'for the directory only; identifies nobody')
    .addOption(new Option('--role <role>', 'what they may do there').choices(roles).makeOptionMandatory())
    .action(async (options: MemberOptions) => {
      const id = await asAdmin((admin) => add(admin, options));
      say(`${options.name} is ${options.role} of ${options.tenant} (user ${id}).`);
    });
  const admin = program.command('admin').description('admins of the whole installation');
  admin
    .command('grant')
    .description('make a known person super_admin in every tenant')
    .requiredOption('--entra-tenant <id>', "the person's own Entra tenant")
    .requiredOption('--object-id <id>', 'Entra object id')
    .action(async (options: { entraTenant: string; objectId: string }) => {
      const person = [guid('--entra-tenant', options.entraTenant), guid('--object-id', options.objectId)] as const;
      await asAdmin((sql) => grantInstallationAdmin(sql, ...person));
      say('Granted.');
    });
  admin
    .command('revoke')
    .description('take it back; memberships as super_admin end in every tenant, add others with member add')
    .requiredOption('--entra-tenant <id>', "the person's own Entra tenant")
    .requiredOption('--object-id <id>', 'Entra object id')
    .action(async (options: { entraTenant: string; objectId: string }) => {
      const person = [guid('--entra-tenant', options.entraTenant), guid('--object-id', options.objectId)] as const;
      await asAdmin((sql) => revokeInstallationAdmin(sql, ...person));
      say('Revoked.');
    });
}

async function add(admin: Knex, options: MemberOptions): Promise<string> {
  const entraTenantId = guid('--entra-tenant', options.entraTenant);
  const aadObjectId = guid('--object-id', options.objectId);
  const tenantId = await tenantOf(admin, options.tenant);
  const { name: displayName, role, email = null } = options;
  return addMember(admin, tenantId, { displayName, email, role, entraTenantId, aadObjectId });
}

async function list(admin: Knex): Promise<void> {
  const rows = await admin<{ id: string; name: string; domain: string; entra_tenant_id: string }>('tenants').orderBy(
    'domain',
  );
  for (const row of rows) say([row.domain, row.name, row.id, row.entra_tenant_id ?? '-'].join('\t'));
  if (rows.length === 0) say('There are no tenants yet. Add one: npm run cli -- tenant add --help');
}
