import { drawSyncCard } from '../../cards/sync-card.js';
import { actorFor } from './action.js';
import type { CardAction } from './action.js';
import { syncData } from './data.js';
import { cardOptions } from './drawn.js';

/** How the reading of the tenant stands by now. */
export const syncShow: CardAction = {
  data: syncData,
  run: async (call, raw) => {
    const { tenantId } = syncData.parse(raw);
    const card = drawSyncCard(await call.services.syncs.status(await actorFor(call, tenantId)), cardOptions(call));
    return { card, sentence: card.summary };
  },
  fresh: null,
  open: null,
};
