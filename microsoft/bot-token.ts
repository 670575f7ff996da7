import { ConfidentialClientApplication } from '@azure/msal-node';
import type { AuthenticationResult } from '@azure/msal-node';
import type { MicrosoftCloud } from './cloud.js';
import { withAnyCredential } from './credential-trial.js';
import { msalCredential } from './credentials.js';
import type { EntraApps } from './entra-apps.js';

/** Tokens with which the bot speaks to Teams, by whichever of its credentials Entra accepts; read anew each time. */
export function botTokenFor(
  { clientId, tenantId, readCredentials }: EntraApps['bot'],
  { loginHost }: MicrosoftCloud,
): (scope: string) => Promise<AuthenticationResult | null> {
  const authority = `https://${loginHost}/${tenantId}`;
  return (scope) =>
    withAnyCredential(readCredentials(), (credential) =>
      new ConfidentialClientApplication({
        auth: { clientId, authority, ...msalCredential(credential) },
      }).acquireTokenByClientCredential({ scopes: [scope] }),
    );
}
