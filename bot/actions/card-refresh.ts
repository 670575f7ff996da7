import { actorFor } from './action.js';
import type { ActionCall, CardAction, Drawn } from './action.js';
import { entityData } from './data.js';
import { cardOptions, drawAlert, drawIncident } from './entity-action.js';

async function draw(call: ActionCall, raw: unknown, notice?: string): Promise<Drawn> {
  const data = entityData.parse(raw);
  const actor = await actorFor(call, data.tenantId);
  const options = { ...cardOptions(call), ...(notice === undefined ? {} : { notice }) };
  if (data.entity === 'alert') return drawAlert(await call.services.alerts.view(actor, data.entityId), options);
  return drawIncident(await call.services.incidents.view(actor, data.entityId), options);
}

export const cardRefresh: CardAction = { data: entityData, run: draw, fresh: draw, open: null };
