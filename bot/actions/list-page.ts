import type { Card } from '../../cards/card.js';
import { drawAlertList, drawIncidentList } from '../../cards/list-card.js';
import type { Actor } from '../../domain/access/actor.js';
import type { Services } from '../../domain/services.js';
import { actorFor } from './action.js';
import type { CardAction } from './action.js';
import { listData } from './data.js';

export type ListKind = 'queue' | 'mine' | 'incidents';

/** A page of a list. Pages after the first know which incidents they list by their button only. */
export async function drawListPage(
  services: Services,
  actor: Actor,
  list: ListKind,
  which: 'open' | 'all',
  cursor: string | null,
): Promise<Card> {
  if (list !== 'incidents') return drawAlertList(list, await services.alerts[list](actor, cursor), { cursor });
  const card = drawIncidentList(await services.incidents.list(actor, which, cursor));
  return which === 'open' ? card : { ...card, content: withWhich(card.content, which) as Card['content'] };
}

export const listPage: CardAction = {
  data: listData,
  run: async (call, raw) => {
    const { tenantId, list, which, cursor } = listData.parse(raw);
    const card = await drawListPage(call.services, await actorFor(call, tenantId), list, which, cursor);
    return { card, sentence: card.summary };
  },
  fresh: null,
  open: null,
};

/** Says on the button of the next page, and on its fallback, that all incidents are listed. */
function withWhich(value: unknown, which: 'all'): unknown {
  if (Array.isArray(value)) return value.map((one) => withWhich(one, which));
  if (typeof value !== 'object' || value === null) return value;
  const walked = Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withWhich(one, which)]));
  return walked['verb'] === 'list.page' && 'cursor' in walked ? { ...walked, which } : walked;
}
