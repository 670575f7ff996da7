import type { EvidenceRecord, Scene } from './evidence.js';

/** Products in Graph's words, with the prefix that their alert ids carry. */
export const services = {
  endpoint: {
    serviceSource: 'microsoftDefenderForEndpoint',
    productName: 'Microsoft Defender for Endpoint',
    prefix: 'da',
  },
  office: {
    serviceSource: 'microsoftDefenderForOffice365',
    productName: 'Microsoft Defender for Office 365',
    prefix: 'fa',
  },
  identity: {
    serviceSource: 'microsoftDefenderForIdentity',
    productName: 'Microsoft Defender for Identity',
    prefix: 'aa',
  },
  cloudApps: {
    serviceSource: 'microsoftDefenderForCloudApps',
    productName: 'Microsoft Defender for Cloud Apps',
    prefix: 'ca',
  },
  entra: { serviceSource: 'azureAdIdentityProtection', productName: 'Microsoft Entra ID Protection', prefix: 'ad' },
  dlp: { serviceSource: 'dataLossPrevention', productName: 'Microsoft Purview Data Loss Prevention', prefix: 'dl' },
  cloud: { serviceSource: 'microsoftDefenderForCloud', productName: 'Microsoft Defender for Cloud', prefix: 'dc' },
  xdr: { serviceSource: 'microsoft365Defender', productName: 'Microsoft Defender XDR', prefix: 'ra' },
} as const;

export interface Scenario {
  readonly title: string | ((scene: Scene) => string);
  readonly description: string;
  readonly actions: string;
  /** Defender's own category word. */
  readonly category: string;
  readonly severity: 'informational' | 'low' | 'medium' | 'high';
  readonly service: keyof typeof services;
  readonly detection: string;
  readonly techniques: readonly string[];
  readonly threat?: { readonly name: string; readonly family: string };
  /** Which machines of the fleet it happens on, by a part of the name; all when absent. */
  readonly on?: string;
  readonly evidence: (scene: Scene) => readonly EvidenceRecord[];
}
