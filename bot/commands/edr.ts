import { drawSyncCard } from '../../cards/sync-card.js';
import { startedWords } from '../../cards/sync-words.js';
import { DomainError } from '../../domain/errors.js';
import { syncSources } from '../../domain/sync/source.js';
import type { SyncSource } from '../../domain/sync/source.js';
import { cardOptions } from '../actions/drawn.js';
import { actor } from './command.js';
import type { Command, CommandCall, Reply } from './command.js';
import { nearest } from './nearest.js';

/** As whoever said it wrong reads it; too long for help. */
const usage = 'edr sync [alerts|devices|compliance|vulnerabilities] [full] | edr status';

/** For admins: has their tenant read now, and shows how that stands. */
export const edr: Command = {
  name: 'edr',
  usage: 'edr sync [<what>] [full] | edr status',
  does: 'For admins: reads alerts, devices, compliance, vulnerabilities from Microsoft now, or shows how that stands.',
  slash: [],
  run: (call) => {
    const said = call.args.word(0)?.toLowerCase() ?? 'status';
    if (said === 'status') return status(call);
    if (said === 'sync') return start(call);
    const close = nearest(said, ['sync', 'status']);
    throw new DomainError('invalid', `${close ? `Did you mean "edr ${close}"? ` : ''}Say: ${usage}`);
  },
};

async function status(call: CommandCall): Promise<Reply> {
  return { card: drawSyncCard(await call.services.syncs.status(await actor(call)), cardOptions(call)) };
}

async function start(call: CommandCall): Promise<Reply> {
  const wanted = wantedAt(call, 1);
  const order = { actor: await actor(call), activityId: call.caller.activityId, idempotencyKey: call.idempotencyKey };
  const started = await call.services.syncs.start({ ...order, ...wanted });
  const notice = startedWords(started);
  return { card: drawSyncCard(started.view, { ...cardOptions(call), ...(notice === '' ? {} : { notice }) }) };
}

/** Sources by the words that people use for them. */
const words: ReadonlyMap<string, readonly SyncSource[]> = new Map<string, readonly SyncSource[]>([
  ...syncSources.map((source) => [source, [source]] as const),
  ['intune', ['compliance']],
  ['all', syncSources],
]);

/** Nothing said is everything. Throws DomainError with what can be said. */
function wantedAt(call: CommandCall, place: number): { sources: readonly SyncSource[]; full: boolean } {
  const said: string[] = [];
  for (let at = place; at < call.args.count; at += 1)
    said.push((call.args.word(at) ?? '').toLowerCase().replace(/[,.]$/, ''));
  const named = said.filter((word) => word !== 'full' && word !== 'and');
  const sources = named.flatMap((word) => words.get(word) ?? unknown(word));
  return { sources: sources.length > 0 ? sources : syncSources, full: said.includes('full') };
}

function unknown(word: string): never {
  const close = nearest(word, [...words.keys(), 'full']);
  throw new DomainError('invalid', `${close ? `Did you mean "${close}"? ` : ''}Say: ${usage}`);
}
