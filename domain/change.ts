import { createHash } from 'node:crypto';
import type { Database, Trx } from '../database/transaction.js';
import { inTenant } from '../database/transaction.js';
import { admit } from './access/admit.js';
import { authorise } from './access/authorise.js';
import type { Capability, Grant } from './access/capabilities.js';
import { lastDeed } from './audit/history-queries.js';
import { recordAudit } from './audit/record.js';
import { auditingRefusals } from './audit/refusals.js';
import { sharingLinks } from './channels/link-lock.js';
import { markStale } from './channels/outbox.js';
import { recogniseCard } from './channels/posted-cards.js';
import type { CardedEntity, StaleRef } from './channels/outbox.js';
import { DomainError } from './errors.js';
import type { Verb } from './names.js';
import { pastVerbs } from './names.js';
import { isUuid, query } from './query.js';
import { sentences } from './sentences.js';
import type { Changed, Click } from './services.js';
import { freeTextLimit, storable } from './text.js';

/** What change() must know of a kind of entity: its rules from the life cycle, and its store. */
export interface Subject<Entity, View, Act extends Verb> {
  readonly type: CardedEntity;
  readonly capabilities: Readonly<Record<Act, Capability>>;
  /** Reads the row and holds it until the end of the transaction; null when there is none in this tenant. */
  lock(trx: Trx, id: string): Promise<Entity | null>;
  /** The sentence for a state in which the act is not possible, else null. */
  stateFault(verb: Act, entity: Entity): string | null;
  /** True when the act was done already and doing it again is no fault. */
  isSettled(verb: Act, entity: Entity): boolean;
  /** Whose work it is, for grants of `own`; null when it is nobody's, and anybody may. Grants of `peers` are judged by the rule. */
  ownerOf(verb: Act, entity: Entity): string | null;
  notOwner(trx: Trx, verb: Act, entity: Entity, owner: string): Promise<string>;
  /** Writes the patch and counts the version up. */
  save(trx: Trx, entity: Entity, patch: Partial<Entity>): Promise<Entity>;
  view(trx: Trx, id: string): Promise<View | null>;
}

export interface Change<Entity, Act extends Verb, Facts> {
  readonly verb: Act;
  readonly click: Click;
  /** What the person wrote, for the trail; the rule judges whether it is enough. */
  readonly reason?: string;
  /** Reads what the rule needs beyond the entity, under the entity's lock. */
  readonly prepare?: (trx: Trx) => Promise<Facts>;
  /** The rule: pure, time is an argument; throws DomainError. */
  readonly apply: (entity: Entity, now: Date, facts: Facts) => Partial<Entity>;
  /** What else changes in the same transaction; resolves to what became stale besides the entity. */
  readonly also?: (trx: Trx, before: Entity) => Promise<readonly StaleRef[]>;
}

type Versioned = { readonly id: string; readonly version: number };

/**
 * One person changes one entity: authorise, lock, apply, save, audit, enqueue, in one transaction. A click that was done
 * before changes nothing and shows the entity as it is now. Throws DomainError, audited in a transaction of its own.
 */
export function change<Entity extends Versioned, View, Act extends Verb, Facts>(
  db: Database,
  subject: Subject<Entity, View, Act>,
  act: Change<Entity, Act, Facts>,
): Promise<Changed<View>> {
  const { actor, entityId, activityId } = act.click;
  return auditingRefusals(db, { actor, action: act.verb, entityType: subject.type, entityId, activityId }, async () => {
    const grant = authorise(actor, subject.capabilities[act.verb]);
    if (!isUuid(entityId)) throw new DomainError('not_found', sentences.notFound);
    const work = async (trx: Trx) => {
      const repeated = !(await claimReceipt(trx, act.verb, act.click)) || !(await perform(trx, subject, act, grant));
      return { view: await viewOf(trx, subject, entityId), repeated };
    };
    return inTenant(db, actor.tenantId, work, sharingLinks);
  });
}

/** False when the entity was in the wanted state already and nothing had to be done. */
async function perform<Entity extends Versioned, View, Act extends Verb, Facts>(
  trx: Trx,
  subject: Subject<Entity, View, Act>,
  act: Change<Entity, Act, Facts>,
  grant: Exclude<Grant, 'no'>,
): Promise<boolean> {
  await admit(trx, act.click.actor, act.click.activityId);
  const before = await subject.lock(trx, act.click.entityId);
  if (!before) throw new DomainError('not_found', sentences.notFound);
  const settled = subject.isSettled(act.verb, before);
  if (!settled) await judgeState(trx, subject, act.verb, before);
  if (grant === 'own') await judgeOwner(trx, subject, act, before);
  if (settled) return false;
  const { card } = act.click;
  // Before anything becomes stale, or delivery might post a third copy of a card that two lost answers left there.
  if (card) await recogniseCard(trx, subject.type, before.id, card);
  const facts = (await act.prepare?.(trx)) as Facts;
  const patch = act.apply(before, trx.now, facts);
  const after = await subject.save(trx, before, patch);
  const others = (await act.also?.(trx, before)) ?? [];
  await tell(trx, subject.type, act, differences(before, after, patch), others);
  return true;
}

async function judgeState<Entity extends Versioned, View, Act extends Verb>(
  trx: Trx,
  subject: Subject<Entity, View, Act>,
  verb: Act,
  entity: Entity,
): Promise<void> {
  const fault = subject.stateFault(verb, entity);
  if (fault) throw new DomainError('conflict', `${await whoWasFaster(trx, subject.type, entity.id)}${fault}`);
}

async function judgeOwner<Entity extends Versioned, View, Act extends Verb, Facts>(
  trx: Trx,
  subject: Subject<Entity, View, Act>,
  { verb, click }: Change<Entity, Act, Facts>,
  entity: Entity,
): Promise<void> {
  const owner = subject.ownerOf(verb, entity);
  if (owner !== null && owner !== click.actor.userId)
    throw new DomainError('refused', await subject.notOwner(trx, verb, entity, owner));
}

async function whoWasFaster(trx: Trx, type: string, id: string): Promise<string> {
  const deed = await lastDeed(trx, type, id);
  const did = deed && Object.hasOwn(pastVerbs, deed.action) ? pastVerbs[deed.action as Verb] : null;
  return deed && did ? `${sentences.didThis(deed.by, did, deed.at, trx.now)} ` : '';
}

async function tell<Entity, Act extends Verb, Facts>(
  trx: Trx,
  type: CardedEntity,
  { verb, click, reason }: Change<Entity, Act, Facts>,
  changed: { before: unknown; after: unknown },
  others: readonly StaleRef[],
): Promise<void> {
  const entity = { type, id: click.entityId };
  const by = { kind: 'person', id: click.actor.userId } as const;
  const said = reason === undefined ? null : storable(reason.trim(), freeTextLimit) || null;
  const entry = { by, action: verb, entity, ...changed, reason: said, activityId: click.activityId };
  const auditId = await recordAudit(trx, entry);
  // An act may say more of its own card, such as where it stands; the line of the thread belongs to the same card.
  const own = others.find((ref) => ref.entity === type && ref.id === click.entityId);
  await markStale(trx, [
    { ...own, entity: type, id: click.entityId, threadOf: auditId },
    ...others.filter((ref) => ref !== own),
  ]);
}

/** The fields that the act set, as they were and as they are. */
function differences<Entity extends object>(before: Entity, after: Entity, patch: Partial<Entity>) {
  const fields = (Object.keys(patch) as (keyof Entity)[]).filter((field) => before[field] !== after[field]);
  const pick = (entity: Entity) => Object.fromEntries(fields.map((field) => [field, entity[field]]));
  return { before: pick(before), after: pick(after) };
}

/** False when an earlier delivery of the same click was done. Another delivery that runs now is waited for. */
export async function claimReceipt(
  trx: Trx,
  verb: Verb | 'policy.propose' | 'sync.start',
  click: Pick<Click, 'actor' | 'entityId' | 'idempotencyKey'>,
): Promise<boolean> {
  const key = `${verb}|${click.actor.userId}|${click.entityId}|${click.idempotencyKey}`;
  const short = key.length <= 200 ? key : createHash('sha256').update(key).digest('hex');
  const claimed = await query(
    trx,
    'insert into invoke_receipts (tenant_id, key, created_at) values (?, ?, ?) on conflict do nothing returning 1',
    [trx.tenantId, short.replaceAll('\u0000', ''), trx.now],
  );
  return claimed.length > 0;
}

async function viewOf<Entity, View, Act extends Verb>(trx: Trx, subject: Subject<Entity, View, Act>, id: string) {
  const view = await subject.view(trx, id);
  if (!view) throw new DomainError('not_found', sentences.notFound);
  return view;
}
