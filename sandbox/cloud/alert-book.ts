import { createAlertGenerator } from './alert-generator.js';
import { appendState, readState } from './state-file.js';
import type { StateLine } from './state-file.js';
import type { GraphAlert, SandboxTenant } from './tenants.js';

/** The alerts of all tenants of the pretend cloud, and what happens to them. */
export interface AlertBook {
  list(tenant: string): readonly GraphAlert[];
  find(tenant: string, id: string): GraphAlert | undefined;
  /** New alerts of now, told by the generator and changed by `changes`. */
  raise(tenant: string, count: number, changes?: GraphAlert): readonly GraphAlert[];
  /** Applies `changes` and moves the last update time, unless they name one. */
  change(tenant: string, id: string, changes: GraphAlert): GraphAlert;
}

export interface AlertBookOptions {
  readonly tenants: readonly SandboxTenant[];
  readonly clock: () => Date;
  readonly seed: number;
  readonly stateFile?: string;
}

export function createAlertBook({ tenants, clock, seed, stateFile }: AlertBookOptions): AlertBook {
  const earlier = readState(stateFile);
  const shelves = new Map(tenants.map((tenant) => [tenant.entraTenantId, openShelf(tenant, earlier)]));
  const stamp = ticking(clock);

  function openShelf(tenant: SandboxTenant, lines: readonly StateLine[]) {
    const generator = createAlertGenerator(tenant, seed + lines.length);
    const alerts = new Map((tenant.alerts ?? []).map((alert, index) => [alert.id ?? `#${index}`, alert]));
    const mine = lines.filter((line) => line.tenant === tenant.entraTenantId);
    const isSeeded = tenant.alerts !== undefined || mine.some((line) => line.kind === 'seed');
    if (!isSeeded) mine.unshift(...sow(tenant, generator.seeds(clock())));
    for (const { kind, alert } of mine) {
      const id = alert.id ?? '';
      if (kind === 'raised' || alerts.has(id) || (kind === 'seed' && tenant.alerts === undefined))
        alerts.set(id, alert);
    }
    return { generator, alerts };
  }

  function sow(tenant: SandboxTenant, seeds: readonly GraphAlert[]): StateLine[] {
    const lines = seeds.map((alert) => ({ kind: 'seed', tenant: tenant.entraTenantId, alert }) as const);
    appendState(stateFile, lines);
    return lines;
  }

  function shelf(tenant: string) {
    const found = shelves.get(tenant);
    if (!found) throw new Error(`the sandbox cloud has no tenant ${tenant}`);
    return found;
  }

  function keep(kind: StateLine['kind'], tenant: string, alerts: readonly GraphAlert[]) {
    appendState(
      stateFile,
      alerts.map((alert) => ({ kind, tenant, alert })),
    );
    for (const alert of alerts) shelf(tenant).alerts.set(alert.id ?? '', alert);
    return alerts;
  }

  return {
    list: (tenant) => [...shelf(tenant).alerts.values()],
    find: (tenant, id) => shelf(tenant).alerts.get(id),
    raise: (tenant, count, changes = {}) => {
      const one = () => shelf(tenant).generator.next(clock(), { lastUpdateDateTime: stamp(), ...changes });
      return keep('raised', tenant, Array.from({ length: count }, one));
    },
    change: (tenant, id, changes) => {
      const known = shelf(tenant).alerts.get(id);
      if (!known) throw new Error(`tenant ${tenant} has no alert ${id}`);
      const time = changes.lastUpdateDateTime ?? stamp();
      const resolved =
        changes.status === undefined ? {} : { resolvedDateTime: changes.status === 'resolved' ? time : null };
      const changed = { ...known, lastUpdateDateTime: time, ...resolved, ...changes };
      keep('changed', tenant, [changed]);
      return changed;
    },
  };
}

/** Times of now in Microsoft's form of 7 digits, each later than the one before whatever the clock does. */
function ticking(clock: () => Date): () => string {
  let last = 0n;
  return () => {
    const now = BigInt(clock().getTime()) * 10_000n;
    last = now > last ? now : last + 1n;
    const seconds = new Date(Number(last / 10_000_000n) * 1000).toISOString().slice(0, 19);
    return `${seconds}.${String(last % 10_000_000n).padStart(7, '0')}Z`;
  };
}
