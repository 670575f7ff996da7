import type { Logger } from 'pino';
import type { AlertUpdates, DeviceActions } from '../../domain/actions/action-gateway.js';
import type { TeamsGateway } from '../../domain/channels/teams-gateway.js';
import type { Database } from '../../domain/transaction.js';

/** What carrying out actions needs. */
export interface ActionContext {
  readonly db: Database;
  /** Null when no application for acting is configured. */
  readonly deviceActions: DeviceActions | null;
  readonly alertUpdates: AlertUpdates | null;
  /** Nothing is ever sent to Microsoft, whatever a tenant has set. */
  readonly forceDryRun: boolean;
  readonly log: Logger;
}

/** What asking people needs. */
export interface AskContext {
  readonly db: Database;
  readonly gateway: Pick<TeamsGateway, 'openPersonal'>;
  readonly log: Logger;
}
