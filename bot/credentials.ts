import { ServiceClientCredentialsFactory } from 'botframework-connector';
import type { ServiceClientCredentials } from 'botframework-connector';
import type { BotToken } from './delivery/bot-token.js';
import type { ServiceUrlCheck } from './service-urls.js';

/** Null identity: local mode, nothing is verified and nothing is signed. */
export interface BotIdentity {
  readonly appId: string;
  readonly token: BotToken;
}

type Signed = Parameters<ServiceClientCredentials['signRequest']>[0];

/** Signs what goes to Teams; the last look at the address is taken where the token leaves. */
export class BotCredentials extends ServiceClientCredentialsFactory {
  constructor(
    private readonly identity: BotIdentity | null,
    private readonly isAllowed: ServiceUrlCheck,
  ) {
    super();
  }

  override isValidAppId(appId: string): Promise<boolean> {
    return Promise.resolve(this.identity !== null && this.identity.appId === appId);
  }

  override isAuthenticationDisabled(): Promise<boolean> {
    return Promise.resolve(this.identity === null);
  }

  override createCredentials(_appId: string, audience: string | undefined): Promise<ServiceClientCredentials> {
    const scope = `${(audience ?? '').replace(/\/\.default$/, '')}/.default`;
    return Promise.resolve({ signRequest: (request) => this.sign(request, scope) });
  }

  private async sign(request: Signed, scope: string): Promise<Signed> {
    if (!this.isAllowed(request.url)) throw new Error('A request to an address outside Teams was stopped.');
    if (this.identity) request.headers.set('authorization', `Bearer ${await this.identity.token.read(scope)}`);
    return request;
  }
}
