import type { ConnectorClient } from 'botframework-connector';
import { DeliveryError } from '../../domain/channels/teams-gateway.js';
import type { ServiceUrlCheck } from '../service-urls.js';

/** The way to Teams' connector service. */
export interface Connectors {
  /** Throws DeliveryError `lost` when the address is not on the allow-list. */
  reach(serviceUrl: string): Promise<ConnectorClient>;
  /** After a 401: the next request gets a new token. */
  tokenRefused(): void;
}

export function createConnectors(
  isAllowed: ServiceUrlCheck,
  connect: (serviceUrl: string) => Promise<ConnectorClient>,
  tokenRefused: () => void,
): Connectors {
  const reach = async (serviceUrl: string): Promise<ConnectorClient> => {
    if (isAllowed(serviceUrl)) return connect(serviceUrl);
    throw new DeliveryError('lost', 'The stored address of the conversation is not one of Teams.');
  };
  return { reach, tokenRefused };
}
