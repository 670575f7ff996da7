import type { MicrosoftApi } from '../domain/sync/request-budget.js';
import type { MicrosoftCloud } from './cloud.js';

/** One of Microsoft's REST APIs as this cloud offers it. */
export interface RestApi {
  /** As our sentences call it. */
  readonly name: 'Graph' | 'Defender';
  /** As Entra's consent page calls it. */
  readonly consentName: string;
  /** Origin without a trailing slash; paths are below `root/version`. */
  readonly root: string;
  readonly version: string;
  readonly scope: string;
  /** The only hosts that see its tokens. */
  readonly hosts: ReadonlySet<string>;
  readonly budget: MicrosoftApi;
  /** The Prefer header of reads; null for none. */
  readonly prefer: string | null;
}

const graph = (cloud: MicrosoftCloud, budget: MicrosoftApi): RestApi => ({
  name: 'Graph',
  consentName: 'Microsoft Graph',
  root: cloud.graphRoot,
  version: 'v1.0',
  scope: cloud.graphScope,
  hosts: cloud.graphHosts,
  budget,
  prefer: 'include-unknown-enum-members',
});

export const graphSecurity = (cloud: MicrosoftCloud): RestApi => graph(cloud, 'graph_security');
export const graphIntune = (cloud: MicrosoftCloud): RestApi => graph(cloud, 'graph_intune');

export const defender = (cloud: MicrosoftCloud): RestApi => ({
  name: 'Defender',
  consentName: 'WindowsDefenderATP',
  root: cloud.defenderRoot,
  version: 'api',
  scope: cloud.defenderScope,
  hosts: cloud.defenderHosts,
  budget: 'defender',
  prefer: null,
});
