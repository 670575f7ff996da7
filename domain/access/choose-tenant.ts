import { DomainError } from '../errors.js';
import { isUuid } from '../query.js';
import { sentences } from '../sentences.js';
import type { Caller } from '../services.js';
import type { KnownCaller } from './actor-store.js';

/** Why a caller gets no actor: a DomainError that also says which kind of refusal it is, for the trail. */
export class AccessRefusal extends DomainError {
  constructor(
    readonly kind: string,
    message: string,
    /** Null when no tenant of ours is concerned. */
    readonly tenantId: string | null = null,
  ) {
    super('refused', message);
  }
}

/**
 * The tenant that a caller acts in. A conversation that serves a tenant names it, and a card of another tenant is refused
 * there; else the card names it (personal chat or a channel that serves nobody); else, in a personal chat, the only
 * membership; else we ask. Pure. Throws AccessRefusal.
 */
export function chooseTenant(known: KnownCaller, caller: Caller, hint: string | null): string {
  const served = known.conversationTenantId;
  if (served !== null && caller.conversationKind !== 'personal') {
    if (hint !== null && hint.toLowerCase() !== served)
      throw new AccessRefusal('other_tenant', sentences.otherTenantHere, served);
    return served;
  }
  const named = hint ?? served;
  if (named !== null) return checkedTenant(named);
  const isAlone = caller.conversationKind === 'personal';
  if (isAlone || !known.memberships.some((one) => one.active)) return onlyTenant(known);
  throw new AccessRefusal('tenant_unclear', sentences.tenantUnclearHere);
}

/** Text that is no id of ours gets the answer that a foreign tenant gets. */
function checkedTenant(named: string): string {
  if (!isUuid(named)) throw new AccessRefusal('not_a_member', sentences.notAMember);
  return named.toLowerCase();
}

function onlyTenant({ memberships }: KnownCaller): string {
  const active = memberships.filter((one) => one.active);
  const [only] = active;
  if (only && active.length === 1) return only.tenantId;
  if (active.length > 1)
    throw new AccessRefusal('tenant_unclear', sentences.tenantUnclear(active.map((one) => one.tenantName)));
  const sentence = memberships.length > 0 ? sentences.membershipInactive : sentences.noMembership;
  throw new AccessRefusal('no_membership', sentence);
}
