import { actorFor } from './action.js';
import type { ActionCall, CardAction, Drawn } from './action.js';
import { entityData } from './data.js';
import { cardOptions } from './drawn.js';
import { drawNow } from './entity-action.js';

/** The card of whatever entity the data names, with a notice on top where there is one. */
export async function drawFresh(call: ActionCall, raw: unknown, notice?: string): Promise<Drawn> {
  const { tenantId, entity, entityId } = entityData.parse(raw);
  const actor = await actorFor(call, tenantId);
  const options = { ...cardOptions(call), ...(notice === undefined ? {} : { notice }) };
  return drawNow[entity](call.services, actor, entityId, options);
}

export const cardRefresh: CardAction = { data: entityData, run: drawFresh, fresh: drawFresh, open: null };
