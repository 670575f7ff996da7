import type { ZodType } from 'zod';
import type { CardEntity, CardOptions } from '../../cards/card.js';
import type { Dialog } from '../../cards/dialog.js';
import type { Actor } from '../../domain/access/actor.js';
import type { ActionView } from '../../domain/actions/action.js';
import type { PolicyChangeView } from '../../domain/actions/policy.js';
import type { AlertView } from '../../domain/alerts/alert-view.js';
import type { DeviceView } from '../../domain/devices/device.js';
import type { IncidentView } from '../../domain/incidents/incident.js';
import type { Changed, Click, Services } from '../../domain/services.js';
import { actorFor } from './action.js';
import type { ActionCall, CardAction, Drawn } from './action.js';
import { clickOf, entityData, readInputs } from './data.js';
import { cardOptions, drawAction, drawAlert, drawDevice, drawIncident, drawPolicyChange } from './drawn.js';

interface EntityParts<View, Inputs extends object> {
  readonly inputs: ZodType<Inputs>;
  readonly act: (services: Services, click: Click, inputs: Inputs) => Promise<Changed<View>>;
  readonly open?: (services: Services, actor: Actor, view: View) => Dialog | Promise<Dialog>;
}

/** There is always one card of an entity. */
export type EntityAction = CardAction & { readonly fresh: NonNullable<CardAction['fresh']> };

interface EntityKind<View> {
  readonly entity: CardEntity;
  readonly view: (services: Services, actor: Actor, id: string) => Promise<View>;
  readonly draw: (view: View, options: CardOptions) => Drawn;
}

const alerts: EntityKind<AlertView> = {
  entity: 'alert',
  view: (services, actor, id) => services.alerts.view(actor, id),
  draw: drawAlert,
};

const incidents: EntityKind<IncidentView> = {
  entity: 'incident',
  view: (services, actor, id) => services.incidents.view(actor, id),
  draw: drawIncident,
};

const devices: EntityKind<DeviceView> = {
  entity: 'device',
  view: (services, actor, id) => services.devices.view(actor, id),
  draw: drawDevice,
};

const deviceActions: EntityKind<ActionView> = {
  entity: 'action',
  view: (services, actor, id) => services.actions.view(actor, id),
  draw: drawAction,
};

const policyChanges: EntityKind<PolicyChangeView> = {
  entity: 'policy_change',
  view: (services, actor, id) => services.policy.view(actor, id),
  draw: drawPolicyChange,
};

type DrawNow = (services: Services, actor: Actor, id: string, options: CardOptions) => Promise<Drawn>;

function drawer<View>(kind: EntityKind<View>): DrawNow {
  return async (services, actor, id, options) => kind.draw(await kind.view(services, actor, id), options);
}

/** The card of an entity as it is now. */
export const drawNow: Readonly<Record<CardEntity, DrawNow>> = {
  alert: drawer(alerts),
  incident: drawer(incidents),
  device: drawer(devices),
  action: drawer(deviceActions),
  policy_change: drawer(policyChanges),
};

export function alertAction<Inputs extends object>(parts: EntityParts<AlertView, Inputs>): EntityAction {
  return entityAction(alerts, parts);
}

export function incidentAction<Inputs extends object>(parts: EntityParts<IncidentView, Inputs>): EntityAction {
  return entityAction(incidents, parts);
}

export function deviceActionAct<Inputs extends object>(parts: EntityParts<ActionView, Inputs>): EntityAction {
  return entityAction(deviceActions, parts);
}

export function policyAct<Inputs extends object>(parts: EntityParts<PolicyChangeView, Inputs>): EntityAction {
  return entityAction(policyChanges, parts);
}

function entityAction<View, Inputs extends object>(
  kind: EntityKind<View>,
  { inputs, act, open }: EntityParts<View, Inputs>,
): EntityAction {
  const own = entityData.refine((data) => data.entity === kind.entity);
  const read = async (call: ActionCall, raw: unknown): Promise<{ actor: Actor; view: View }> => {
    const data = own.parse(raw);
    const actor = await actorFor(call, data.tenantId);
    return { actor, view: await kind.view(call.services, actor, data.entityId) };
  };
  return {
    data: own,
    run: async (call, raw) => {
      const data = own.parse(raw);
      const written = readInputs(inputs, raw);
      const actor = await actorFor(call, data.tenantId);
      const click = clickOf(actor, data, written, call);
      return kind.draw((await act(call.services, click, written)).view, cardOptions(call));
    },
    fresh: async (call, raw, notice) => kind.draw((await read(call, raw)).view, { ...cardOptions(call), notice }),
    open: open
      ? async (call, raw) => {
          const { actor, view } = await read(call, raw);
          return open(call.services, actor, view);
        }
      : null,
  };
}
