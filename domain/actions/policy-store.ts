import type { Trx } from '../../database/transaction.js';
import type { Person } from '../access/actor.js';
import { query } from '../query.js';
import { askedColumn, personColumn } from './action-view-queries.js';
import type { ActionPolicy, PolicyChange, PolicyChangeView } from './policy.js';
import { changeLines } from './policy-sentences.js';

const names = {
  tenantId: 'tenant_id',
  id: 'id',
  status: 'status',
  change: 'change',
  reason: 'reason',
  proposedBy: 'proposed_by',
  proposedAt: 'proposed_at',
  decidedBy: 'decided_by',
  decidedAt: 'decided_at',
  expiresAt: 'expires_at',
  version: 'version',
} as const satisfies Record<keyof PolicyChange, string>;

const columns = Object.entries(names)
  .map(([field, column]) => `c.${column} as "${field}"`)
  .join(', ');

export async function lockPolicyChange(trx: Trx, id: string): Promise<PolicyChange | null> {
  const [row] = await query<PolicyChange>(
    trx,
    `select ${columns} from action_policy_changes c where c.tenant_id = ? and c.id = ? for update`,
    [trx.tenantId, id],
  );
  return row ?? null;
}

/** Null when another proposal waits. */
export async function insertPolicyChange(
  trx: Trx,
  given: Pick<PolicyChange, 'change' | 'reason' | 'proposedBy' | 'expiresAt'>,
): Promise<PolicyChange | null> {
  const [row] = await query<PolicyChange>(
    trx,
    `insert into action_policy_changes as c (tenant_id, change, reason, proposed_by, proposed_at, expires_at)
     values (?, ?::jsonb, ?, ?, ?, ?) on conflict (tenant_id) where status = 'proposed' do nothing returning ${columns}`,
    [trx.tenantId, JSON.stringify(given.change), given.reason, given.proposedBy, trx.now, given.expiresAt],
  );
  return row ?? null;
}

/** Writes a decision on a locked change. */
export async function savePolicyChange(
  trx: Trx,
  change: PolicyChange,
  patch: Partial<PolicyChange>,
): Promise<PolicyChange> {
  const { status, decidedBy, decidedAt } = { ...change, ...patch };
  const [row] = await query<PolicyChange>(
    trx,
    `update action_policy_changes c set status = ?, decided_by = ?, decided_at = ?, version = c.version + 1
     where c.tenant_id = ? and c.id = ? returning ${columns}`,
    [status, decidedBy, decidedAt, trx.tenantId, change.id],
  );
  if (!row) throw new Error(`the locked change ${change.id} of the policy is gone`);
  return row;
}

/** The proposal that waits; null when none does. */
export async function waitingPolicyChange(trx: Trx): Promise<(PolicyChange & { readonly proposer: string }) | null> {
  const [row] = await query<PolicyChange & { proposer: string }>(
    trx,
    `select ${columns}, m.display_name as proposer from action_policy_changes c
       join tenant_members m on m.tenant_id = c.tenant_id and m.user_id = c.proposed_by
     where c.tenant_id = ? and c.status = 'proposed'`,
    [trx.tenantId],
  );
  return row ?? null;
}

/** The id of the person's newest proposal. */
export async function newestProposalOf(trx: Trx, userId: string): Promise<string | null> {
  const [row] = await query<{ id: string }>(
    trx,
    `select id from action_policy_changes where tenant_id = ? and proposed_by = ?
     order by proposed_at desc, id limit 1`,
    [trx.tenantId, userId],
  );
  return row?.id ?? null;
}

/** Of these people, the names of those who are members here, by id. */
export async function namesOf(trx: Trx, userIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (userIds.length === 0) return new Map();
  const rows = await query<{ id: string; name: string }>(
    trx,
    'select user_id as id, display_name as name from tenant_members where tenant_id = ? and user_id = any (?::uuid[])',
    [trx.tenantId, userIds],
  );
  return new Map(rows.map((row) => [row.id, row.name]));
}

interface ViewRow extends PolicyChange {
  readonly view: {
    readonly tenantName: string;
    readonly proposer: Person;
    readonly decider: Person | null;
    readonly asked: PolicyChangeView['asked'];
    /** The members as they were when the change was proposed. */
    readonly before: Partial<ActionPolicy> | null;
  };
}

const proposedFrom = `(select l.before from audit_log l where l.tenant_id = c.tenant_id and l.entity_type = 'policy_change'
      and l.entity_id = c.id::text and l.action = 'policy.propose' and l.outcome = 'done' order by l.id limit 1)`;

/** The members of a proposal as they were when it was made. */
export async function rulesWhenProposed(trx: Trx, id: string): Promise<Partial<ActionPolicy>> {
  const [row] = await query<{ before: Partial<ActionPolicy> | null }>(
    trx,
    `select ${proposedFrom} as before from action_policy_changes c where c.tenant_id = ? and c.id = ?`,
    [trx.tenantId, id],
  );
  return row?.before ?? {};
}

const viewSql = `select ${columns}, (select jsonb_build_object('tenantName', t.name,
    'proposer', ${personColumn('c.tenant_id', 'c.proposed_by')}, 'decider', ${personColumn('c.tenant_id', 'c.decided_by')},
    'asked', ${askedColumn('policy_change', 'c.tenant_id', 'c.id')},
    'before', ${proposedFrom})
    from tenants t where t.id = c.tenant_id) as view
  from action_policy_changes c where c.tenant_id = ? and c.id = ?`;

/** Everything the card of a change shows; null when this tenant has no such change. */
export async function readPolicyChangeView(trx: Trx, id: string): Promise<PolicyChangeView | null> {
  const [row] = await query<ViewRow>(trx, viewSql, [trx.tenantId, id]);
  if (!row) return null;
  const { view, ...change } = row;
  const { before, ...rest } = view;
  const people = await namesOf(trx, [...(before?.breakGlass ?? []), ...(change.change.breakGlass ?? [])]);
  return { ...rest, change, lines: changeLines(before ?? {}, change.change, people), now: trx.now };
}
