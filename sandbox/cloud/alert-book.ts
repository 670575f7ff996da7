import { createAlertGenerator } from './alert-generator.js';
import type { AlertLine, StateFile } from './state-file.js';
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
  readonly state: StateFile;
}

export function createAlertBook({ tenants, clock, seed, state }: AlertBookOptions): AlertBook {
  const earlier = state.lines.filter((line) => 'alert' in line);
  const shelves = new Map(tenants.map((tenant) => [tenant.entraTenantId, openShelf(tenant, earlier)]));
  const stamp = ticking(clock);

  function openShelf(tenant: SandboxTenant, lines: readonly AlertLine[]) {
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

  function sow(tenant: SandboxTenant, seeds: readonly GraphAlert[]): AlertLine[] {
    const lines = seeds.map((alert) => {
      const kept = { ...alert, id: alert.id ?? '' };
      return { kind: 'seed', tenant: tenant.entraTenantId, alert: kept } as const;
    });
    state.append(lines);
    return lines;
  }

  function shelf(tenant: string) {
    const found = shelves.get(tenant);
    if (!found) throw new Error(`the sandbox cloud has no tenant ${tenant}`);
    return found;
  }

  function keep(kind: AlertLine['kind'], tenant: string, alerts: readonly GraphAlert[]) {
    state.append(alerts.map((alert) => ({ kind, tenant, alert: { ...alert, id: alert.id ?? '' } })));
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
