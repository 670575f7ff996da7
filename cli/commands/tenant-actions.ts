import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Knex } from 'knex';
import { readActionPolicy, setActionPolicy } from '../../domain/actions/operator-policy.js';
import type { ActionPolicy } from '../../domain/actions/policy.js';
import { policyLines } from '../../domain/actions/policy-sentences.js';
import { DomainError } from '../../domain/errors.js';
import { asAdmin, guid, say, tenantOf } from '../administering.js';

interface Options {
  readonly approval?: ActionPolicy['approval'];
  readonly peers?: boolean;
  readonly dryRun?: boolean;
  readonly breakGlass?: readonly string[];
  readonly queueHours?: number;
  readonly writeBack?: boolean;
}

/** The rules for actions on devices, which in Teams take two admins. */
export function registerActions(tenant: Command): void {
  tenant
    .command('actions')
    .description("show a tenant's rules for actions on devices, or change them without a second admin")
    .argument('<tenant>', 'domain of the tenant')
    .option(
      '--approval <kinds>',
      'what needs approval: isolate, release, scan with commas between, or none',
      approvalOf,
    )
    .addOption(onOff('--peers', 'analysts approve for each other'))
    .addOption(onOff('--dry-run', 'do everything but the call to Microsoft'))
    .option(
      '--break-glass <object ids>',
      'Entra object ids of people who act alone, with commas between, or none',
      listOf,
    )
    .option('--queue-hours <hours>', 'how long an action waits for an offline device: 1 to 72', Number)
    .addOption(onOff('--write-back', 'resolve alerts at Microsoft that are closed here'))
    .action((domain: string, options: Options) => asAdmin((admin) => run(admin, domain, options)));
}

async function run(admin: Knex, domain: string, { breakGlass, ...options }: Options): Promise<void> {
  const tenantId = await tenantOf(admin, domain);
  const people = breakGlass && (await usersOf(admin, tenantId, breakGlass));
  const wanted = { ...options, ...(people && { breakGlass: people }) };
  const changes = Object.keys(wanted).length > 0;
  const policy = changes ? await setActionPolicy(admin, tenantId, wanted) : await readActionPolicy(admin, tenantId);
  const names = await namesOf(admin, tenantId, policy.breakGlass);
  for (const [rule, value] of policyLines(policy, names)) say(`${rule}: ${value}`);
}

function onOff(flag: string, description: string): Option {
  return new Option(`${flag} <on|off>`, description).argParser((value) => {
    if (value !== 'on' && value !== 'off') throw new InvalidArgumentError('It is on or off.');
    return value === 'on';
  });
}

function listOf(value: string): readonly string[] {
  return value === 'none' ? [] : value.split(',').map((one) => one.trim());
}

function approvalOf(value: string): ActionPolicy['approval'] {
  const kinds = listOf(value);
  if (kinds.some((kind) => !['isolate', 'release', 'scan'].includes(kind)))
    throw new InvalidArgumentError('It is some of isolate, release, scan with commas between, or none.');
  return { isolate: kinds.includes('isolate'), release: kinds.includes('release'), scan: kinds.includes('scan') };
}

async function usersOf(admin: Knex, tenantId: string, objectIds: readonly string[]): Promise<string[]> {
  const sought = objectIds.map((id) => guid('--break-glass', id));
  const rows = await admin('tenant_members')
    .join('users', 'users.id', 'tenant_members.user_id')
    .where('tenant_members.tenant_id', tenantId)
    .whereIn('users.aad_object_id', sought)
    .select<{ id: string }[]>('users.id');
  if (rows.length !== new Set(sought).size)
    throw new DomainError('not_found', 'Not all of these people are members of the tenant. Add them: member add.');
  return rows.map((row) => row.id);
}

async function namesOf(
  admin: Knex,
  tenantId: string,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await admin('tenant_members')
    .where({ tenant_id: tenantId })
    .whereIn('user_id', userIds)
    .select<{ id: string; name: string }[]>('user_id as id', 'display_name as name');
  return new Map(rows.map((row) => [row.id, row.name]));
}
