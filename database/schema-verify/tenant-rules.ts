import type { PolicyFacts, TableFacts } from './catalog.js';
import { fact } from './check.js';
import type { Check } from './check.js';
import { exemptions, furtherPolicies } from './expected/exempt.js';
import type { Rule } from './expected/exempt.js';

const setting = "(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid";
const isolations = [`(tenant_id = ${setting})`, '(tenant_id = app.tenant_id())'];
const toTenants = '(tenant_id) REFERENCES tenants(id) ON DELETE CASCADE';

const rules: Readonly<Record<Rule, (table: TableFacts) => string | null>> = {
  column: (table) => (table.columns['tenant_id'] === 'uuid not null' ? null : 'tenant_id is not uuid NOT NULL'),
  reference: (table) => (table.references.includes(toTenants) ? null : 'tenant_id does not follow its tenant'),
  key: keysBeginWithTenant,
  'row security': (table) => (table.enabled && table.forced ? null : 'row security is not enabled and forced'),
  policy: isolatedByPolicy,
};

/** A walk over every table there is: a new one must keep the rules or stand on the list of exemptions. */
export function tenantRuleChecks(catalog: ReadonlyMap<string, TableFacts>): Check[] {
  return [...catalog.values()].flatMap((table) =>
    (Object.keys(rules) as Rule[])
      .filter((rule) => !exemptions[table.name]?.from.includes(rule))
      .map((rule) => fact(`tenant-owned ${table.name}: ${rule}`, () => rules[rule](table))),
  );
}

function keysBeginWithTenant(table: TableFacts): string | null {
  const other = table.indexes.find((index) => index.unique && !index.definition.startsWith('(tenant_id'));
  return other ? `${other.name} does not begin with tenant_id` : null;
}

function isolatedByPolicy(table: TableFacts): string | null {
  const forApp = table.policies.filter((policy) => appliesTo(policy, 'avian_app'));
  const isolation = forApp.find((policy) => policy.name === 'tenant_isolation');
  if (!isolation) return 'there is no policy tenant_isolation for avian_app';
  if (!isolates(isolation))
    return `tenant_isolation is not the comparison with app.tenant_id: ${isolation.using ?? ''}`;
  const further = forApp.find((policy) => policy !== isolation && !allowed(table, policy));
  return further ? `the policy ${further.name} shows avian_app more than its tenant` : null;
}

function isolates(policy: PolicyFacts): boolean {
  const writes = policy.check ?? (policy.command === 'SELECT' ? policy.using : null) ?? '';
  return isolations.includes(policy.using ?? '') && isolations.includes(writes);
}

function allowed(table: TableFacts, policy: PolicyFacts): boolean {
  return policy.command === 'SELECT' && furtherPolicies[`${table.name}.${policy.name}`] === policy.using;
}

function appliesTo(policy: PolicyFacts, role: string): boolean {
  return policy.roles.includes(role) || policy.roles.includes('public');
}
