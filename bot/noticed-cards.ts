import type { ActionCall } from './actions/action.js';
import { clickedCard, entityData } from './actions/data.js';
import type { BotLog } from './log.js';

/** Cards of which the domain was told; it needs to hear of each once. */
const KNOWN = 10_000;

/**
 * Tells the domain which activity a click came from: when the answer to a post was lost, this is how its card is found again.
 */
export function createCardNotice(log: BotLog): (call: ActionCall, raw: unknown) => void {
  const told = new Set<string>();
  return (call, raw) => {
    const data = entityData.safeParse(raw);
    const card = data.success ? clickedCard(call, data.data.entity) : null;
    if (!data.success || card === null || data.data.entity === 'device') return;
    const actor = call.actors.get(data.data.tenantId);
    const key = `${call.caller.conversationId} ${data.data.entityId}`;
    if (!actor || told.has(key)) return;
    if (told.size >= KNOWN) told.clear();
    told.add(key);
    const { entity, entityId } = data.data;
    actor
      .then((who) => call.services.channels.noticeCard(who, entity, entityId, card.conversationId, card.activityId))
      .catch((error: unknown) => {
        told.delete(key);
        log.debug({ err: error, entityId }, 'A clicked card was not noted');
      });
  };
}
