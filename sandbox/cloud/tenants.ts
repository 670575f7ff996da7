/** A customer in the pretend cloud. Names are from Microsoft's own set of fictional companies. */
export interface SandboxTenant {
  readonly entraTenantId: string;
  readonly name: string;
  readonly domain: string;
  /** Microsoft-shaped alerts to serve instead of generated ones. */
  readonly alerts?: readonly GraphAlert[];
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
}

export const sandboxTenants: readonly [SandboxTenant, SandboxTenant] = [
  { entraTenantId: 'c0a70501-0000-4000-8000-000000000001', name: 'Contoso', domain: 'contoso.com' },
  { entraTenantId: 'fab12ca1-0000-4000-8000-000000000002', name: 'Fabrikam', domain: 'fabrikam.com' },
];

/** The pretend app registration; its secret opens nothing but the pretend cloud. */
export const sandboxApp: SandboxApp = {
  clientId: 'a71a0000-0000-4000-8000-00000000feed',
  secret: 'sandbox-secret-that-opens-only-the-sandbox',
};
