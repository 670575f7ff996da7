import type { Database } from '../database/transaction.js';
import { createAccessService } from './access/access-service.js';
import { createActionService } from './actions/action-service.js';
import { createPolicyService } from './actions/policy-service.js';
import type { Acting } from './actions/request-rules.js';
import { createAlertService } from './alerts/alert-service.js';
import { createChannelService } from './channels/channel-service.js';
import { createDeviceService } from './devices/device-service.js';
import { createIncidentService } from './incidents/incident-service.js';
import { createPostureService } from './posture/posture-service.js';
import type { Services } from './services.js';
import { createSyncService } from './sync/sync-service.js';

export interface ServiceParts {
  readonly db: Database;
  /** Without it no application for acting is configured, and only dry runs can be asked for. */
  readonly acting?: Acting;
}

/** Binds the use cases to a database. */
export function createServices({ db, acting = { forceDryRun: false, canAct: false } }: ServiceParts): Services {
  return {
    access: createAccessService(db),
    alerts: createAlertService(db),
    incidents: createIncidentService(db),
    channels: createChannelService(db),
    devices: createDeviceService(db),
    actions: createActionService(db, acting),
    policy: createPolicyService(db),
    posture: createPostureService(db),
    syncs: createSyncService(db),
  };
}
