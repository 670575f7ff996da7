import type { Sample } from './sample.js';

export const directory: readonly Sample[] = [
  {
    table: 'tenants',
    row: (ids) => ({ id: ids.tenant, name: 'schema verify', domain: `${ids.tenant}.verify.invalid` }),
  },
  {
    table: 'users',
    row: (ids) => ({ id: ids.user, tenant_id: ids.tenant, email: `${ids.user}@verify.invalid` }),
  },
  {
    table: 'tenant_members',
    row: (ids) => ({ tenant_id: ids.tenant, user_id: ids.user, role: 'security_analyst', display_name: 'Verify' }),
  },
];
