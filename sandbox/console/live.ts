import type { ServerResponse } from 'node:http';

import type { Person } from '../teams/directory.js';
import type { TeamsEvent } from '../teams/events.js';
import { rosterOf } from '../teams/world.js';
import type { World } from '../teams/world.js';
import { isVisibleTo } from './draw.js';
import type { WireEvent } from './wire.js';

/** Keeps one page informed until it goes away: server-sent events that name what to fetch anew. */
export function streamEvents(
  world: World,
  person: Person,
  res: ServerResponse,
  subscribe: (listener: (event: TeamsEvent) => void) => () => void,
): void {
  res.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' });
  res.write('retry: 1000\n\n');
  const stop = subscribe((event) => {
    const wire = toWire(world, person, event);
    if (wire) res.write(`data: ${JSON.stringify(wire)}\n\n`);
  });
  const beat = setInterval(() => res.write(': still here\n\n'), 20_000);
  beat.unref();
  res.on('close', () => {
    clearInterval(beat);
    stop();
  });
}

function toWire(world: World, person: Person, event: TeamsEvent): WireEvent | null {
  switch (event.type) {
    case 'places':
      return { type: 'state' };
    case 'read':
      return event.personId === person.id ? { type: 'state' } : null;
    case 'typing':
      return sees(world, person, event.conversationId) ? event : null;
    case 'view':
      if (event.personId !== person.id) return null;
      break;
    default:
  }
  const { message } = event;
  // Other people's unread marks stand in the switcher.
  if (!sees(world, person, message.conversationId) || !isVisibleTo(person, message))
    return event.type === 'message' ? { type: 'state' } : null;
  const { conversationId, rootId } = message;
  return { type: 'message', conversationId, rootId, isNew: event.type === 'message' };
}

function sees(world: World, person: Person, conversationId: string): boolean {
  const conversation = world.conversations.get(conversationId);
  return conversation !== undefined && rosterOf(world, conversation).includes(person);
}
