import type { IncomingMessage, ServerResponse } from 'node:http';

import { streamEvents } from './live.js';
import { reads } from './reads.js';
import { answerJson, BadRequest, personOf, readJson } from './request.js';
import type { ConsoleParts } from './request.js';
import { writes } from './writes.js';

export async function handleApi(
  parts: ConsoleParts,
  req: IncomingMessage,
  res: ServerResponse,
  url: URL,
): Promise<void> {
  const name = url.pathname.slice('/console/api/'.length);
  if (req.method === 'GET' && name === 'events') {
    const person = personOf(parts.teams, url.searchParams.get('person'));
    return streamEvents(parts.teams.world, person, res, (listener) => parts.teams.subscribe(listener));
  }
  const answer = req.method === 'GET' ? reads.get(name) : writes.get(name);
  if (!answer) return answerJson(res, 404, { message: 'The console has nothing under this address.' });
  try {
    const given = req.method === 'GET' ? Object.fromEntries(url.searchParams) : await readJson(req);
    answerJson(res, 200, await answer(parts, given));
  } catch (error) {
    if (!(error instanceof BadRequest)) throw error;
    answerJson(res, 400, { message: error.message });
  }
}
