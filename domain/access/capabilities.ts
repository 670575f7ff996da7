import type { Role } from './actor.js';

export const capabilities = [
  'read',
  'alert.work',
  'alert.reopen',
  'incident.work',
  'incident.reopen',
  'incident.link',
  'assign',
  'administer',
  'audit.read',
  'report.read',
  'action.request',
  'action.approve',
] as const;
export type Capability = (typeof capabilities)[number];

/** own: only on what is the person's own work. peers: only if the tenant lets analysts approve each other's requests. */
export type Grant = 'yes' | 'own' | 'peers' | 'no';

const none = { it_helpdesk_analyst: 'no', user: 'no' } as const;

/** Who may do what in a tenant. `assign` is assigning to somebody else and handing over. */
export const grants: Readonly<Record<Capability, Readonly<Record<Role, Grant>>>> = {
  read: { super_admin: 'yes', tenant_admin: 'yes', security_analyst: 'yes', ...none },
  'alert.work': { super_admin: 'own', tenant_admin: 'no', security_analyst: 'own', ...none },
  'alert.reopen': { super_admin: 'yes', tenant_admin: 'yes', security_analyst: 'own', ...none },
  'incident.work': { super_admin: 'own', tenant_admin: 'own', security_analyst: 'own', ...none },
  'incident.reopen': { super_admin: 'yes', tenant_admin: 'yes', security_analyst: 'own', ...none },
  'incident.link': { super_admin: 'own', tenant_admin: 'no', security_analyst: 'own', ...none },
  assign: { super_admin: 'yes', tenant_admin: 'yes', security_analyst: 'no', ...none },
  administer: { super_admin: 'yes', tenant_admin: 'yes', security_analyst: 'no', ...none },
  'audit.read': { super_admin: 'yes', tenant_admin: 'yes', security_analyst: 'no', ...none },
  'report.read': { super_admin: 'yes', tenant_admin: 'yes', security_analyst: 'yes', ...none },
  'action.request': { super_admin: 'yes', tenant_admin: 'yes', security_analyst: 'yes', ...none },
  /** Of another person's request, always. */
  'action.approve': { super_admin: 'yes', tenant_admin: 'yes', security_analyst: 'peers', ...none },
};

/** An unknown role has no rights. */
export function grantOf(role: Role, capability: Capability): Grant {
  const row = grants[capability];
  return Object.hasOwn(row, role) ? row[role] : 'no';
}

/** Roles that may do it at all, own work included. */
export function rolesFor(capability: Capability): readonly Role[] {
  return (Object.keys(grants[capability]) as Role[]).filter((role) => grants[capability][role] !== 'no');
}
