import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { notBefore } from '../durations.js';
import { DomainError } from '../errors.js';
import type { ActionPolicy, PolicyChange } from './policy.js';
import { policySentences as say } from './policy-sentences.js';

const id = z.guid().transform((text) => text.toLowerCase());
const shape = z.strictObject({
  approval: z.strictObject({ isolate: z.boolean(), release: z.boolean(), scan: z.boolean() }),
  peers: z.boolean(),
  dryRun: z.boolean(),
  breakGlass: z
    .array(id)
    .max(20)
    .transform((ids) => [...new Set(ids)].toSorted()),
  queueHours: z.number().min(1).max(72),
  writeBack: z.boolean(),
}) satisfies z.ZodType<ActionPolicy>;

type Members = Partial<ActionPolicy>;

/** What of `wanted` differs from the rules that hold. Throws when a member is malformed, or nothing differs. */
export function policyDifference(current: ActionPolicy, wanted: Members): Members {
  const parsed = shape.partial().safeParse(wanted);
  if (!parsed.success) throw new DomainError('invalid', say.malformed(firstMember(parsed.error)));
  const plain = { ...current, breakGlass: shape.shape.breakGlass.parse(current.breakGlass) };
  const members = Object.entries(parsed.data) as [keyof ActionPolicy, unknown][];
  const differing = members.filter(([name, value]) => value !== undefined && !isDeepStrictEqual(value, plain[name]));
  if (differing.length === 0) throw new DomainError('invalid', say.nothingToChange);
  return Object.fromEntries(differing);
}

/** Only names of ours: what else was sent is not repeated. */
function firstMember(error: z.ZodError): string {
  const member = String(error.issues[0]?.path[0] ?? '');
  return Object.hasOwn(shape.shape, member) ? member : 'unknown';
}

export function pick(policy: ActionPolicy, change: Members): Members {
  return Object.fromEntries((Object.keys(change) as (keyof ActionPolicy)[]).map((name) => [name, policy[name]]));
}

/** Raised instead of a confirmation that comes too late; the proposal expires. */
export class LateConfirmation extends DomainError {
  constructor() {
    super('conflict', say.tooLate);
  }
}

/** Never by the proposer. `admins` are names of those who may. */
export function confirmed(
  change: PolicyChange,
  now: Date,
  userId: string,
  admins: readonly string[],
): Partial<PolicyChange> {
  if (change.proposedBy === userId) throw new DomainError('refused', say.ownProposal(admins));
  if (now > change.expiresAt) throw new LateConfirmation();
  return { status: 'confirmed', decidedBy: userId, decidedAt: notBefore(now, change.proposedAt) };
}

/** By another admin; the proposer takes it back, which the table knows as expired: nobody else has decided. */
export function rejected(change: PolicyChange, now: Date, userId: string): Partial<PolicyChange> {
  const decidedAt = notBefore(now, change.proposedAt);
  if (change.proposedBy === userId) return { status: 'expired', decidedAt };
  return { status: 'rejected', decidedBy: userId, decidedAt };
}
