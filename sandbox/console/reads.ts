import { drawFeed, drawMessages } from './draw.js';
import { drawChat, drawPeople, drawPerson, drawTeams } from './draw-places.js';
import { drawPanel } from './panel.js';
import { BadRequest, idsIn, placeOf } from './request.js';
import type { Answer, Body, ConsoleParts } from './request.js';
import type { WireState } from './wire.js';

const pageSize = 25;

export const reads: ReadonlyMap<string, Answer> = new Map<string, Answer>([
  ['state', drawState],
  [
    'feed',
    ({ teams }, given) => {
      const { person, conversation } = placeOf(teams, given);
      const before = typeof given['before'] === 'string' && given['before'] !== '' ? given['before'] : null;
      return drawFeed(teams.world, person, conversation.id, { before, limit: pageSize, open: idsIn(given['open']) });
    },
  ],
  [
    'messages',
    ({ teams }, given) => {
      const { person, conversation } = placeOf(teams, given);
      const ids = [...idsIn(given['ids'])].filter((id) => teams.message(id)?.conversationId === conversation.id);
      return drawMessages(teams.world, person, ids, idsIn(given['open']));
    },
  ],
]);

function drawState({ teams: { world }, panel, title, commands }: ConsoleParts, given: Body): WireState {
  const person = world.people.get(String(given['person'])) ?? [...world.people.values()][0];
  if (!person) throw new BadRequest('Nobody lives in this directory.');
  return {
    now: world.now().toISOString(),
    title,
    botName: world.bot.name,
    me: drawPerson(world, person),
    people: drawPeople(world),
    teams: drawTeams(world, person),
    chats: [drawChat(world, person)],
    commands,
    panel: drawPanel(panel),
  };
}
