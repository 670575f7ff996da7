import { CloudAdapter } from 'botbuilder';
import type { InvokeResponse, TurnContext } from 'botbuilder';
import type { AuthenticateRequestResult } from 'botframework-connector';
import type { Activity } from 'botframework-schema';
import { BotAuthentication } from './authentication.js';
import { BotCredentials } from './credentials.js';
import { createBotToken } from './delivery/bot-token.js';
import type { AcquireToken } from './delivery/bot-token.js';
import { createConnectors } from './delivery/connectors.js';
import type { Connectors } from './delivery/connectors.js';
import { isLoopback, serviceUrlCheck } from './service-urls.js';
import type { ServiceUrlCheck } from './service-urls.js';

/** local: nobody is verified, therefore the process must listen on loopback only. */
export type BotMode =
  | {
      readonly kind: 'teams';
      readonly appId: string;
      readonly cloud: 'worldwide' | 'gcc' | 'gcc_high' | 'dod';
      readonly acquireToken: AcquireToken;
      /** Another place that issues tokens than Microsoft's; for tests of the verification. */
      readonly issuedBy?: TokenIssuer;
    }
  | { readonly kind: 'local'; readonly host: string };

export interface TokenIssuer {
  readonly issuer: string;
  readonly openIdMetadataUrl: string;
}

export interface AdapterOptions {
  readonly mode: BotMode;
  /** Milliseconds for one request to Teams; 10,000 when not given. */
  readonly requestTimeoutMs?: number;
}

/** The SDK's adapter with its parts that we need apart: verify first, then run. */
export class TeamsAdapter extends CloudAdapter {
  readonly connectors: Connectors;
  readonly isAllowed: ServiceUrlCheck;
  /** Tokens of other issuers are not from Teams; null in local mode. */
  readonly issuer: string | null;

  constructor({ mode, requestTimeoutMs = 10_000 }: AdapterOptions) {
    if (mode.kind === 'local' && !isLoopback(mode.host)) {
      throw new Error(`Without Microsoft credentials the bot answers on loopback only, not on ${mode.host}.`);
    }
    if (mode.kind === 'teams' && mode.appId.trim() === '') throw new Error('The bot has no application id.');
    const isAllowed = serviceUrlCheck(mode.kind);
    const token = mode.kind === 'teams' ? createBotToken(mode.acquireToken) : null;
    const identity = mode.kind === 'teams' && token ? { appId: mode.appId, token } : null;
    const credentials = new BotCredentials(identity, isAllowed);
    const authentication = new BotAuthentication(
      settingsOf(mode),
      credentials,
      identity?.appId ?? '',
      requestTimeoutMs,
    );
    super(authentication);
    this.isAllowed = isAllowed;
    this.issuer = issuerOf(mode);
    this.connectors = createConnectors(
      isAllowed,
      (serviceUrl) => authentication.connector(serviceUrl),
      () => token?.forget(),
    );
  }

  /** Who vouches for the activity. Throws when nobody does. */
  verify(activity: Activity, header: string): Promise<AuthenticateRequestResult> {
    return this.botFrameworkAuthentication.authenticateRequest(activity, header);
  }

  run(
    verified: AuthenticateRequestResult,
    activity: Activity,
    logic: (context: TurnContext) => Promise<void>,
  ): Promise<InvokeResponse | undefined> {
    return this.processActivity(verified, activity, logic);
  }
}

const GOVERNMENT = 'https://botframework.azure.us';
const issuers = { public: 'https://api.botframework.com', government: 'https://api.botframework.us' };

function isGovernment(mode: BotMode): boolean {
  return mode.kind === 'teams' && (mode.cloud === 'gcc_high' || mode.cloud === 'dod');
}

function issuerOf(mode: BotMode): string | null {
  if (mode.kind === 'local') return null;
  return mode.issuedBy?.issuer ?? (isGovernment(mode) ? issuers.government : issuers.public);
}

/** The SDK takes either all addresses or none. */
function settingsOf(mode: BotMode): Record<string, string> {
  if (mode.kind === 'local') return {};
  const base = { MicrosoftAppId: mode.appId, ...(isGovernment(mode) ? { ChannelService: GOVERNMENT } : {}) };
  if (!mode.issuedBy) return base;
  return {
    ...base,
    ToChannelFromBotLoginUrl: 'https://login.microsoftonline.com/botframework.com',
    ToChannelFromBotOAuthScope: issuers.public,
    ToBotFromChannelTokenIssuer: mode.issuedBy.issuer,
    OAuthUrl: 'https://token.botframework.com',
    ToBotFromChannelOpenIdMetadataUrl: mode.issuedBy.openIdMetadataUrl,
    ToBotFromEmulatorOpenIdMetadataUrl: mode.issuedBy.openIdMetadataUrl,
  };
}
