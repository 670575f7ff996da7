import type { ZodType } from 'zod';
import { drawAlertCard } from '../../cards/alert-card.js';
import type { CardOptions } from '../../cards/card.js';
import type { Dialog } from '../../cards/dialog.js';
import { drawIncidentCard } from '../../cards/incident-card.js';
import { alertName, alertStatusWords, incidentName, incidentStatusWords } from '../../cards/words.js';
import type { Actor } from '../../domain/access/actor.js';
import type { AlertView } from '../../domain/alerts/alert-view.js';
import type { IncidentView } from '../../domain/incidents/incident.js';
import type { Changed, Click, Services } from '../../domain/services.js';
import { actorFor } from './action.js';
import type { ActionCall, CardAction, Drawn } from './action.js';
import { clickOf, entityData, readInputs } from './data.js';

interface EntityParts<View, Inputs extends object> {
  readonly inputs: ZodType<Inputs>;
  readonly act: (services: Services, click: Click, inputs: Inputs) => Promise<Changed<View>>;
  readonly open?: (services: Services, actor: Actor, view: View) => Dialog | Promise<Dialog>;
}

/** There is always one card of an entity. */
export type EntityAction = CardAction & { readonly fresh: NonNullable<CardAction['fresh']> };

interface EntityKind<View> {
  readonly entity: 'alert' | 'incident';
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

export function drawAlert(view: AlertView, options: CardOptions): Drawn {
  const { number, status } = view.alert;
  const by = view.assignee ? ` (${view.assignee.displayName})` : '';
  return { card: drawAlertCard(view, options), sentence: `${alertName(number)}: ${alertStatusWords[status]}${by}.` };
}

export function drawIncident(view: IncidentView, options: CardOptions): Drawn {
  const { number, status } = view.incident;
  const sentence = `${incidentName(number)}: ${incidentStatusWords[status]} (${view.owner.displayName}).`;
  return { card: drawIncidentCard(view, options), sentence };
}

export function alertAction<Inputs extends object>(parts: EntityParts<AlertView, Inputs>): EntityAction {
  return entityAction(alerts, parts);
}

export function incidentAction<Inputs extends object>(parts: EntityParts<IncidentView, Inputs>): EntityAction {
  return entityAction(incidents, parts);
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

/** A copy in a personal chat is updated by nobody, so that it asks by itself. */
export function cardOptions({ caller, teamsId }: ActionCall): CardOptions {
  return caller.conversationKind === 'personal' && teamsId !== null ? { refreshFor: [teamsId] } : {};
}
