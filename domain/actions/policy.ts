import type { Person } from '../access/actor.js';

/** A tenant's rules for device actions; see domain/tenants/settings.ts for the defaults. */
export interface ActionPolicy {
  readonly approval: { readonly isolate: boolean; readonly release: boolean; readonly scan: boolean };
  /** Analysts may approve each other's requests. */
  readonly peers: boolean;
  readonly dryRun: boolean;
  /** User ids of people who act alone; each use is announced and reviewed. */
  readonly breakGlass: readonly string[];
  /** Hours after which an action that waits for an offline device is cancelled; 1 to 72. */
  readonly queueHours: number;
  /** Alerts that are closed here are resolved at Microsoft too. */
  readonly writeBack: boolean;
}

export type PolicyVerb = 'policy.confirm' | 'policy.reject';

/** A change that waits for a second admin, or did. */
export interface PolicyChange {
  readonly tenantId: string;
  readonly id: string;
  readonly status: 'proposed' | 'confirmed' | 'rejected' | 'expired';
  readonly change: Partial<ActionPolicy>;
  readonly reason: string;
  readonly proposedBy: string;
  readonly proposedAt: Date;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly expiresAt: Date;
  readonly version: number;
}

export interface PolicyChangeView {
  readonly change: PolicyChange;
  readonly tenantName: string;
  readonly proposer: Person;
  readonly decider: Person | null;
  readonly asked: readonly (Person & { readonly reached: 'personal' | 'mention' | 'nowhere' | null })[];
  /** Words for people, one line for each member that changes: "Dry run: on → off". */
  readonly lines: readonly string[];
  readonly now: Date;
}
