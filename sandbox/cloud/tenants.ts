/** A record as Microsoft sends it. */
export type MicrosoftRecord = Readonly<Record<string, unknown>>;

/** Microsoft-shaped records to serve instead of generated ones, resource by resource. */
export interface TenantRecords {
  readonly alerts?: readonly GraphAlert[];
  readonly machines?: readonly MicrosoftRecord[];
  /** CVEs, as of /api/vulnerabilities. */
  readonly vulnerabilities?: readonly MicrosoftRecord[];
  /** Of SoftwareVulnerabilitiesByMachine or machinesVulnerabilities. */
  readonly exposures?: readonly MicrosoftRecord[];
  readonly machineActions?: readonly MicrosoftRecord[];
  readonly managedDevices?: readonly MicrosoftRecord[];
  /** Compliance policies and setting states; without them failing settings follow from each device's state. */
  readonly compliance?: readonly MicrosoftRecord[];
}

/** A customer in the pretend cloud. Names are from Microsoft's own set of fictional companies. */
export interface SandboxTenant extends TenantRecords {
  readonly entraTenantId: string;
  readonly name: string;
  readonly domain: string;
}

/** An alert as Graph sends it. Only what the cloud itself looks at is named. */
export interface GraphAlert {
  readonly id?: string;
  readonly status?: string;
  readonly lastUpdateDateTime?: string;
  readonly createdDateTime?: string;
  readonly [member: string]: unknown;
}

export interface SandboxApp {
  readonly clientId: string;
  readonly secret: string;
  /** Microsoft shows it as the requestor of machine actions. */
  readonly name?: string;
}

export const sandboxTenants: readonly [SandboxTenant, SandboxTenant] = [
  { entraTenantId: 'c0a70501-0000-4000-8000-000000000001', name: 'Contoso', domain: 'contoso.com' },
  { entraTenantId: 'fab12ca1-0000-4000-8000-000000000002', name: 'Fabrikam', domain: 'fabrikam.com' },
];

/** The pretend app registration that reads; its secret opens nothing but the pretend cloud. */
export const sandboxApp: SandboxApp = {
  clientId: 'a71a0000-0000-4000-8000-00000000feed',
  secret: 'sandbox-secret-that-opens-only-the-sandbox',
  name: 'AVIAN reader',
};

/** The one that acts: isolates, scans, resolves alerts. */
export const sandboxActor: SandboxApp = {
  clientId: 'a71a0000-0000-4000-8000-00000000ac70',
  secret: 'sandbox-secret-that-acts-only-in-the-sandbox',
  name: 'AVIAN actions',
};
