import type { AuditLogRow, OutboxRow, SecurityAlertsRow, SecurityIncidentsRow } from '../../database/rows.js';
import { inTenant } from '../../database/transaction.js';
import { drawAlertCard } from '../../cards/alert-card.js';
import { drawIncidentCard } from '../../cards/incident-card.js';
import { readAlertView } from '../../domain/alerts/alert-view-queries.js';
import { readIncidentView } from '../../domain/incidents/incident-view-queries.js';
import { cardOf } from '../../sandbox/teams/message.js';
import { channels } from '../helpers/cast.js';
import { cardsIn } from '../helpers/shown.js';
import type { Report } from './report.js';
import type { World } from './world.js';

/** Every entity has one card, and it shows what is true now; a post of unknown outcome may stand there twice. */
export async function checkCards(world: World, { violations, figures }: Report): Promise<void> {
  const { database, teams } = world;
  const pending = await database.admin<OutboxRow>('outbox').where({ state: 'pending' });
  for (const row of pending) violations.push(`${row.stale_key} is still pending: ${row.last_error ?? ''}`);
  const parked = await database.admin<OutboxRow>('outbox').where({ state: 'parked' });
  const interrupted = await inFlightAtKill(world);
  let [doubled, stale] = [0, 0];
  const posted = await database.admin<{ entity_type: string; entity_id: string; activity_id: string | null }>(
    'posted_cards',
  );
  const activityOf = new Map(posted.map((row) => [row.entity_id, row.activity_id]));
  const entities = await drawnNow(world);
  for (const { id, name, channel, drawn } of entities) {
    const cards = cardsIn(teams, channel).filter((one) => one.name === name);
    if (cards.length > 1) doubled += 1;
    if (cards.length === 0 || cards.length > (interrupted.has(id) ? 2 : 1))
      violations.push(`${name} has ${cards.length} cards`);
    const known = teams.message(activityOf.get(id) ?? '');
    const shown = known && cardOf(known);
    // Killed during the post and again during its repetition: parked for a person, who finds it by health, or by a click.
    if ((interrupted.get(id) ?? 0) > 1 && parked.some((row) => row.entity_id === id)) continue;
    if (!shown || timeless(shown) !== timeless(drawn)) {
      stale += 1;
      violations.push(`the card of ${name} does not show its newest state`);
    }
    checkThread(
      world,
      name,
      cards.map((one) => one.message.id),
      violations,
      await deeds(world, id),
    );
  }
  const count = (kind: string) => parked.filter((row) => row.kind === kind).length;
  Object.assign(figures, {
    cards: entities.length,
    repeatedCards: doubled,
    staleCards: stale,
    parkedCards: count('card'),
    parkedLines: count('thread'),
  });
}

/** How often a process was killed while it posted the card of an entity: one repetition is allowed then. */
async function inFlightAtKill({ database, kills }: World): Promise<ReadonlyMap<string, number>> {
  const posts = await database
    .admin('delivery_log as l')
    .join('outbox as o', (on) => on.on('o.id', 'l.outbox_id').andOn('o.tenant_id', 'l.tenant_id'))
    .where({ 'l.operation': 'post', 'o.kind': 'card' })
    .select<{ entity_id: string; sent_at: Date }[]>('o.entity_id', 'l.sent_at');
  const met = posts.filter(({ sent_at }) =>
    kills.some(({ from, to }) => sent_at.getTime() <= to && sent_at.getTime() > from - inFlightMs),
  );
  const times = new Map<string, number>();
  for (const { entity_id: id } of met) times.set(id, (times.get(id) ?? 0) + 1);
  return times;
}

/** A post without an answer for so long is given up. */
const inFlightMs = 1_000;

/** A line of history never stands there twice. */
function checkThread(
  { teams }: World,
  name: string,
  roots: readonly string[],
  violations: string[],
  most: number,
): void {
  const lines = roots.flatMap((root) => teams.replies(root)).filter((one) => one.fromId === teams.world.bot.id);
  if (lines.length > most) violations.push(`${lines.length} lines under ${name} for ${most} deeds`);
}

async function deeds({ database }: World, entityId: string): Promise<number> {
  const rows = await database
    .admin<AuditLogRow>('audit_log')
    .where({ entity_id: entityId, outcome: 'done', actor_kind: 'person' })
    .select('id');
  return rows.length;
}

interface Drawn {
  readonly id: string;
  readonly name: string;
  readonly channel: string;
  readonly drawn: unknown;
}

async function drawnNow({ database, tenantIds }: World): Promise<Drawn[]> {
  const alerts = await database.admin<SecurityAlertsRow>('security_alerts').select('id', 'number');
  const incidents = await database.admin<SecurityIncidentsRow>('security_incidents').select('id', 'number');
  return inTenant(database.db, tenantIds.contoso, async (trx) => {
    const drawn: Drawn[] = [];
    for (const { id, number } of alerts) {
      const view = await readAlertView(trx, id);
      if (view)
        drawn.push({ id, name: `A-${number}`, channel: channels.contosoAlerts, drawn: drawAlertCard(view).content });
    }
    for (const { id, number } of incidents) {
      const view = await readIncidentView(trx, id);
      if (view)
        drawn.push({
          id,
          name: `INC-${number}`,
          channel: channels.contosoIncidents,
          drawn: drawIncidentCard(view).content,
        });
    }
    return drawn;
  });
}

/** Words that go by the moment of drawing are left out. */
function timeless(card: unknown): string {
  return JSON.stringify(card)
    .replace(/\b(due in|overdue by|breached by|breached)\b/g, 'due')
    .replace(/\b\d+ (s|min|h|d)\b( \d+ (min|h))?/g, 'a while')
    .replace(/a while ago/g, 'a while');
}
