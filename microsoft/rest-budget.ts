import type { TenantConnection } from '../domain/alerts/alert-source.js';
import type { RequestBudget } from '../domain/sync/request-budget.js';
import type { RestApi } from './rest-api.js';
import { defaultRetryPolicy } from './retry.js';
import type { RetryPolicy } from './retry.js';

interface Budgeted {
  readonly budget?: RequestBudget | undefined;
  readonly retry?: RetryPolicy | undefined;
}

interface Asking {
  readonly connection: TenantConnection;
  /** True when a person waits for it. */
  readonly urgent?: boolean | undefined;
  readonly signal: AbortSignal;
}

/** Waits until the tenant has a request to that API left. Throws the reason of `signal`. */
export async function withinBudget(options: Budgeted, api: RestApi, asking: Asking): Promise<void> {
  const { wait } = options.retry ?? defaultRetryPolicy;
  if (!options.budget) return;
  for (;;) {
    asking.signal.throwIfAborted();
    const ms = await options.budget(asking.connection, api.budget, asking.urgent ?? false);
    if (ms <= 0) return;
    await wait(ms, asking.signal);
  }
}
