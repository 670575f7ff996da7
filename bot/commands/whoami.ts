import type { Role } from '../../domain/access/actor.js';
import { actor } from './command.js';
import type { Command, CommandCall, Reply } from './command.js';

const roleWords: Readonly<Record<Role, string>> = {
  super_admin: 'super admin',
  tenant_admin: 'manager',
  security_analyst: 'security analyst',
  it_helpdesk_analyst: 'helpdesk analyst',
  user: 'user',
};

export const whoami: Command = {
  name: 'whoami',
  usage: 'whoami',
  does: 'Says who you are here and what you may do.',
  slash: [],
  needsTenant: false,
  run: async (call) => (call.caller.conversationKind === 'personal' ? everywhere(call) : here(call)),
};

/** A channel shows nothing of the person's other tenants. */
async function here(call: CommandCall): Promise<Reply> {
  const who = await actor(call);
  const memberships = await call.services.access.memberships(call.caller);
  const tenant = memberships.find((one) => one.tenantId === who.tenantId)?.tenantName ?? 'this tenant';
  return { text: `You are ${who.displayName}, ${roleWords[who.role]} in ${tenant}.` };
}

async function everywhere(call: CommandCall): Promise<Reply> {
  const memberships = await call.services.access.memberships(call.caller);
  // Whoever has none is told by the refusal what is missing and who can grant it.
  if (memberships.length === 0) return here(call);
  const roles = memberships.map(({ tenantName, role }) => `${wordsFor(role)} in ${tenantName}`);
  return { text: `You are ${call.caller.displayName}: ${roles.join(', ')}.` };
}

function wordsFor(role: string): string {
  return Object.hasOwn(roleWords, role) ? roleWords[role as Role] : role;
}
