import type { Database } from '../../database/transaction.js';
import { isUuid } from '../query.js';
import { readList, reading } from '../reading.js';
import type { DeviceService } from '../services.js';
import { searchDevices } from './device-search.js';
import { readDeviceView } from './device-view-queries.js';

export function createDeviceService(db: Database): DeviceService {
  return {
    view: (actor, entityId) =>
      reading(db, actor, { entityType: 'device', entityId }, async (trx) =>
        isUuid(entityId) ? readDeviceView(trx, entityId) : null,
      ),
    search: (actor, text) => readList(db, actor, 'devices', (trx) => searchDevices(trx, text)),
  };
}
