import { createHash, randomUUID } from 'node:crypto';
import { drawHelp } from '../../cards/message-card.js';
import { DomainError } from '../../domain/errors.js';
import type { ActionCall } from '../actions/action.js';
import type { Mention } from '../activity.js';
import type { People } from '../people.js';
import type { Command, Reply } from './command.js';
import { helpLines } from './help.js';
import { commands, findCommand } from './index.js';
import { nearest } from './nearest.js';
import { parseCommand } from './parse.js';
import { plainText } from './plain-text.js';
import type { PlainText } from './plain-text.js';
import { leadingTenant, trailingTenant } from './tenant.js';
import type { Membership } from './tenant.js';

export interface Said {
  readonly text: string;
  readonly mentions: readonly Mention[];
  readonly botId: string | undefined;
}

/** Does what was said, and answers. Throws DomainError for people. */
export async function runCommand(call: ActionCall, said: Said, people: People): Promise<Reply> {
  const plain = plainText(said.text, said.mentions, said.botId);
  const memberships = await membershipsIn(call);
  const { tenantId, spoken, command } = understand(plain, memberships);
  if (!command) return notUnderstood(parseCommand(spoken).name);
  if (tenantId === null && memberships.length > 1 && command.needsTenant !== false)
    throw whichTenant(memberships, command);
  const { args } = parseCommand(spoken);
  return command.run({ ...call, args, tenantId, people, idempotencyKey: keyOf(call) });
}

/** In a channel its link names the tenant. */
function membershipsIn(call: ActionCall): Promise<readonly Membership[]> {
  if (call.caller.conversationKind !== 'personal') return Promise.resolve([]);
  return call.services.access.memberships(call.caller);
}

interface Understood {
  readonly tenantId: string | null;
  readonly spoken: PlainText;
  readonly command: Command | null;
}

/** A tenant may be named before a command, and after one that does not end in the person's own words. */
function understand(plain: PlainText, memberships: readonly Membership[]): Understood {
  const only = memberships.length === 1 ? (memberships[0]?.tenantId ?? null) : null;
  const command = findCommand(parseCommand(plain).name);
  if (!command) {
    const led = leadingTenant(plain.text, memberships);
    if (!led) return { tenantId: only, spoken: plain, command: null };
    const spoken = { ...plain, text: led.text };
    return { tenantId: led.tenantId, spoken, command: findCommand(parseCommand(spoken).name) };
  }
  const trailed = command.endsInText || memberships.length < 2 ? null : trailingTenant(plain.text, memberships);
  if (!trailed) return { tenantId: only, spoken: plain, command };
  return { tenantId: trailed.tenantId, spoken: { ...plain, text: trailed.text }, command };
}

function whichTenant(memberships: readonly Membership[], command: Command): DomainError {
  const names = memberships.slice(0, 10).map((one) => one.tenantName);
  const example = command.endsInText ? `${names[0] ?? ''}: ${command.usage}` : `${command.name} ${names[0] ?? ''}`;
  return new DomainError(
    'invalid',
    `Which tenant: ${names.join(', ')}? Say it with the command, such as "${example}".`,
  );
}

function notUnderstood(word: string): Reply {
  const close = nearest(
    word,
    commands.map((one) => one.name),
  );
  const guess = close ? `Did you mean "${close}"?` : 'This is what you can say:';
  const opening = word === '' ? 'Hello.' : `"${word.slice(0, 40)}" is not a command.`;
  return { card: drawHelp([{ command: '', does: `${opening} ${guess}` }, ...helpLines(commands)]) };
}

/** Same message, same key; a message without an id is never delivered again. */
function keyOf({ caller }: ActionCall): string {
  const { conversationId, activityId } = caller;
  if (activityId === null) return `command:${randomUUID()}`;
  return `command:${createHash('sha256').update(`${conversationId} ${activityId}`).digest('base64url')}`;
}
