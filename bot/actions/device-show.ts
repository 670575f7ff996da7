import { deviceDialog } from '../../cards/dialog-action.js';
import { actorFor } from './action.js';
import type { CardAction } from './action.js';
import { drawFresh } from './card-refresh.js';
import { entityData } from './data.js';

const own = entityData.refine(({ entity }) => entity === 'device');

/** What is known of a device: a dialog over the card that mentions it, or its card where it was looked for. */
export const deviceShow: CardAction = {
  data: own,
  run: drawFresh,
  fresh: drawFresh,
  open: async (call, raw) => {
    const { tenantId, entityId } = own.parse(raw);
    return deviceDialog(await call.services.devices.view(await actorFor(call, tenantId), entityId));
  },
};
