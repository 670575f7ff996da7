export const roles = ['super_admin', 'tenant_admin', 'security_analyst', 'it_helpdesk_analyst', 'user'] as const;
export type Role = (typeof roles)[number];

/** A person whose Teams activity was verified, acting in one tenant. */
export interface Actor {
  readonly userId: string;
  readonly tenantId: string;
  readonly role: Role;
  readonly displayName: string;
  readonly entraTenantId: string;
  readonly aadObjectId: string;
}

/** A person as cards show them. `aadObjectId` is what a Teams mention needs; null when the directory does not know it. */
export interface Person {
  readonly userId: string;
  readonly displayName: string;
  readonly aadObjectId: string | null;
}
