import { DomainError } from '../errors.js';
import { either, roleWords } from '../names.js';
import { sentences } from '../sentences.js';
import type { Actor } from './actor.js';
import type { Capability, Grant } from './capabilities.js';
import { grantOf, rolesFor } from './capabilities.js';

/** What the actor's role grants; throws when it grants nothing. `own` still has to be judged against the entity. */
export function authorise(actor: Actor, capability: Capability): Exclude<Grant, 'no'> {
  const grant = grantOf(actor.role, capability);
  if (grant !== 'no') return grant;
  const who = either(rolesFor(capability).map((role) => `a ${roleWords[role]}`));
  const role = Object.hasOwn(roleWords, actor.role) ? roleWords[actor.role] : 'unknown';
  throw new DomainError('refused', sentences.roleMayNot(role, who));
}
