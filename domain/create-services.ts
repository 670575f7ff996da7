import type { Database } from '../database/transaction.js';
import { createAccessService } from './access/access-service.js';
import { createAlertService } from './alerts/alert-service.js';
import { createChannelService } from './channels/channel-service.js';
import { createIncidentService } from './incidents/incident-service.js';
import type { Services } from './services.js';

/** Binds the use cases to a database. */
export function createServices({ db }: { readonly db: Database }): Services {
  return {
    access: createAccessService(db),
    alerts: createAlertService(db),
    incidents: createIncidentService(db),
    channels: createChannelService(db),
  };
}
