import { ConfigurationBotFrameworkAuthentication } from 'botbuilder';
import type { ConfigurationBotFrameworkAuthenticationOptions } from 'botbuilder';
import { ClaimsIdentity, ConnectorFactory } from 'botframework-connector';
import type { AuthenticateRequestResult, ConnectorClient, UserTokenClient } from 'botframework-connector';
import type { Activity } from 'botframework-schema';
import type { BotCredentials } from './credentials.js';
import { tighten } from './delivery/pipeline.js';

/** The SDK's authentication, whose connectors try once, wait so long and no longer, and are made once per address. */
export class BotAuthentication extends ConfigurationBotFrameworkAuthentication {
  private readonly connectors = new Map<string, Promise<ConnectorClient>>();
  private userTokens: Promise<UserTokenClient> | undefined;

  constructor(
    settings: ConfigurationBotFrameworkAuthenticationOptions,
    credentials: BotCredentials,
    private readonly appId: string,
    private readonly timeoutMs: number,
  ) {
    super(settings, credentials);
  }

  override async authenticateRequest(activity: Activity, header: string): Promise<AuthenticateRequestResult> {
    const result = await super.authenticateRequest(activity, header);
    return { ...result, connectorFactory: this.createConnectorFactory(result.claimsIdentity) };
  }

  override createConnectorFactory(_claims: ClaimsIdentity): ConnectorFactory {
    return new SharedConnectors((serviceUrl) => this.connector(serviceUrl));
  }

  override createUserTokenClient(_claims: ClaimsIdentity): Promise<UserTokenClient> {
    this.userTokens ??= super.createUserTokenClient(this.ownClaims());
    return this.userTokens;
  }

  connector(serviceUrl: string): Promise<ConnectorClient> {
    if (this.connectors.size > 100) this.connectors.clear();
    const known = this.connectors.get(serviceUrl) ?? this.connect(serviceUrl);
    this.connectors.set(serviceUrl, known);
    return known;
  }

  private async connect(serviceUrl: string): Promise<ConnectorClient> {
    return tighten(await super.createConnectorFactory(this.ownClaims()).create(serviceUrl), this.timeoutMs);
  }

  private ownClaims(): ClaimsIdentity {
    const claims = ['aud', 'appid'].map((type) => ({ type, value: this.appId }));
    return new ClaimsIdentity(this.appId === '' ? [] : claims);
  }
}

class SharedConnectors extends ConnectorFactory {
  constructor(private readonly connector: (serviceUrl: string) => Promise<ConnectorClient>) {
    super();
  }

  override create(serviceUrl: string): Promise<ConnectorClient> {
    return this.connector(serviceUrl);
  }
}
