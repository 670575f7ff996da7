import { requestDialog } from '../../cards/dialog-request.js';
import type { DeviceActionKind } from '../../domain/actions/action.js';
import type { DeviceVerb } from '../../domain/devices/device.js';
import type { ActionCause } from '../../domain/services.js';
import { actorFor } from './action.js';
import { drawFresh } from './card-refresh.js';
import type { EntityAction } from './entity-action.js';
import { entityData, readInputs, requestClick, requested } from './data.js';
import type { EntityActionData } from './data.js';
import { cardOptions, drawAction } from './drawn.js';
import { filled } from './filled.js';

const causes: ReadonlySet<EntityActionData['entity']> = new Set(['alert', 'incident', 'device', 'action']);

/** Asks for an action on a device: from the card of an alert, an incident, the device, or an isolation that is to be undone. */
export function deviceRequest(verb: DeviceVerb, kind: DeviceActionKind): EntityAction {
  const own = entityData.refine(({ entity }) => causes.has(entity));
  return {
    data: own,
    run: async (call, raw) => {
      const data = own.parse(raw);
      const inputs = readInputs(requested, raw);
      const actor = await actorFor(call, data.tenantId);
      const click = requestClick(actor, verb, inputs, call);
      const { parameter, reason } = inputs;
      const changed = await call.services.actions.request(click, { kind, cause: causeOf(data), parameter, reason });
      return drawAction(changed.view, cardOptions(call));
    },
    fresh: drawFresh,
    open: async (call, raw) => {
      const data = own.parse(raw);
      const actor = await actorFor(call, data.tenantId);
      const form = await call.services.actions.form(actor, kind, causeOf(data));
      const { tenantId, entity, entityId, version, schema } = data;
      // A command that did not know which device was meant has brought the reason along.
      return filled(requestDialog(kind, { tenantId, entity, entityId, version, schema }, form), '', raw);
    },
  };
}

function causeOf({ entity, entityId }: EntityActionData): ActionCause {
  return { entity: entity as ActionCause['entity'], entityId };
}
