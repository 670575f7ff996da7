/** A command as the compose box lists it. Teams shows at most 12 per scope. */
export interface ListedCommand {
  readonly title: string;
  readonly description: string;
}

export interface ManifestOptions {
  /** Microsoft App Id of the bot; also the id of the Teams app. */
  readonly appId: string;
  /** Semantic version of the app package. */
  readonly version: string;
  readonly team: readonly ListedCommand[];
  readonly personal: readonly ListedCommand[];
}

const site = 'https://github.com/avian-for-teams/avian';

/**
 * The Teams app manifest, schema 1.30. Resource-specific consent asks for one team at a time instead of the whole directory:
 * ChannelMessage.Read.Group is not asked for, because the bot reads only what mentions it.
 */
export function buildManifest(options: ManifestOptions): Record<string, unknown> {
  return {
    $schema: 'https://developer.microsoft.com/json-schemas/teams/v1.30/MicrosoftTeams.schema.json',
    manifestVersion: '1.30',
    version: options.version,
    id: options.appId,
    developer: {
      name: 'AVIAN for Teams',
      websiteUrl: site,
      privacyUrl: `${site}#privacy`,
      termsOfUseUrl: `${site}#licence`,
    },
    name: { short: 'AVIAN', full: 'AVIAN security triage for Teams' },
    description: {
      short: 'Triage Defender alerts in Teams: one card per alert, incidents with SLA.',
      full: 'AVIAN posts each Microsoft Defender alert as one card into the channel of the customer it belongs to. Analysts take, investigate, escalate and close alerts and run incidents with their SLA clocks without leaving Teams. Every change is audited; the data of customers never mixes.',
    },
    icons: { color: 'color.png', outline: 'outline.png' },
    accentColor: '#3446B8',
    supportsChannelFeatures: 'tier1',
    defaultInstallScope: 'team',
    bots: [
      {
        botId: options.appId,
        scopes: ['team', 'personal'],
        commandLists: [
          { scopes: ['team'], commands: options.team },
          { scopes: ['personal'], commands: options.personal },
        ],
      },
    ],
    authorization: {
      permissions: {
        resourceSpecific: [
          { name: 'TeamMember.Read.Group', type: 'Application' },
          { name: 'ChannelSettings.Read.Group', type: 'Application' },
        ],
      },
    },
    webApplicationInfo: { id: options.appId, resource: `api://botid-${options.appId}` },
    validDomains: [],
  };
}
