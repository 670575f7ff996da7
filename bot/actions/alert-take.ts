import { drawAlertList } from '../../cards/list-card.js';
import { actorFor } from './action.js';
import type { ActionCall, CardAction, Drawn } from './action.js';
import { entityData, listRow, nothing } from './data.js';
import { alertAction } from './entity-action.js';

const take = alertAction({
  inputs: nothing,
  act: (services, click) => services.alerts.take(click),
});

/** From a row of the queue too, which then shows the rest of its page: who takes one alert may want the next. */
export const alertTake: CardAction = {
  ...take,
  run: async (call, raw) => {
    const drawn = await take.run(call, raw);
    return (await queueAgain(call, raw, `${drawn.sentence} Say "mine" to see your work.`)) ?? drawn;
  },
  fresh: async (call, raw, notice) => (await queueAgain(call, raw, notice)) ?? take.fresh(call, raw, notice),
};

async function queueAgain(call: ActionCall, raw: unknown, notice: string): Promise<Drawn | null> {
  const row = listRow.safeParse(raw);
  if (!row.success) return null;
  const { cursor = null } = row.data;
  const page = await call.services.alerts.queue(await actorFor(call, entityData.parse(raw).tenantId), cursor);
  return { card: drawAlertList('queue', page, { cursor, notice }), sentence: notice };
}
