import type { TenantConnection } from '../alerts/alert-source.js';

/** APIs with limits of their own; microsoft-apis 1.3 and 1.4 give the figures. */
export type MicrosoftApi = 'graph_security' | 'graph_intune' | 'defender';

/**
 * Requests of one tenant to one API, counted over all processes. `urgent`: a person waits for it, so that it may also use
 * the reserve that syncs leave alone. Resolves to the milliseconds to wait before asking again; 0 = the request may leave now.
 */
export type RequestBudget = (connection: TenantConnection, api: MicrosoftApi, urgent: boolean) => Promise<number>;
