import { drawActionCard } from '../../cards/action-card.js';
import { drawAlertCard } from '../../cards/alert-card.js';
import type { Card } from '../../cards/card.js';
import { drawIncidentCard } from '../../cards/incident-card.js';
import { drawPolicyChangeCard } from '../../cards/policy-card.js';
import { readActionView } from '../../domain/actions/action-view-queries.js';
import { isOpenAction } from '../../domain/actions/life-cycle.js';
import { readPolicyChangeView } from '../../domain/actions/policy-store.js';
import type { CardedEntity } from '../../domain/channels/outbox.js';
import type { Trx } from '../../domain/transaction.js';
import { readAlertView } from '../../domain/alerts/alert-view-queries.js';
import type { AlertView } from '../../domain/alerts/alert-view.js';
import { readIncidentView } from '../../domain/incidents/incident-view-queries.js';
import type { IncidentStatus } from '../../domain/incidents/incident.js';

/** The newest state of an entity, read but not yet drawn. */
export interface EntityCard {
  /** A card of finished work is not posted again when its activity is gone. */
  readonly isOpen: boolean;
  draw(): Card;
}

/** How each kind of entity is read and drawn; null when it does not exist any more. */
export type EntityCards = Readonly<Record<CardedEntity, (trx: Trx, id: string) => Promise<EntityCard | null>>>;

export const entityCards: EntityCards = {
  alert: async (trx, id) => {
    const view = await readAlertView(trx, id);
    return view && { isOpen: isAlertOpen(view), draw: () => drawAlertCard(view) };
  },
  incident: async (trx, id) => {
    const view = await readIncidentView(trx, id);
    return view && { isOpen: isIncidentOpen(view.incident.status), draw: () => drawIncidentCard(view) };
  },
  action: async (trx, id) => {
    const view = await readActionView(trx, id);
    return view && { isOpen: isOpenAction(view.action.status), draw: () => drawActionCard(view) };
  },
  policy_change: async (trx, id) => {
    const view = await readPolicyChangeView(trx, id);
    return view && { isOpen: view.change.status === 'proposed', draw: () => drawPolicyChangeCard(view) };
  },
};

export const cardedEntities = Object.keys(entityCards) as readonly CardedEntity[];

function isAlertOpen({ alert, incident }: AlertView): boolean {
  if (incident) return isIncidentOpen(incident.status);
  return alert.status !== 'closed_benign' && alert.status !== 'closed_false_positive';
}

function isIncidentOpen(status: IncidentStatus): boolean {
  return status === 'open' || status === 'in_progress';
}
