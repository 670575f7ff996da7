import { asPlain } from '../../cards/text.js';
import type { Actor } from '../../domain/access/actor.js';
import { DomainError } from '../../domain/errors.js';
import { actor } from './command.js';
import type { Command, CommandCall, Reply } from './command.js';
import { onIncident } from './entity-command.js';
import { purposeOf } from './purpose.js';
import { tenantCalled } from './tenant.js';

const usage = 'link alerts|escalations|reports [tenant]';

export const link: Command = {
  name: 'link',
  usage,
  does: 'In a channel: says what is posted there. "link A-12 to INC-3" adds an alert to your incident.',
  slash: ['team'],
  run: async (call) => (call.args.entity(0) ? linkAlert(call) : linkChannel(call)),
};

async function linkAlert(call: CommandCall): Promise<Reply> {
  const named = call.args.entity(0);
  if (named?.entity !== 'alert') throw new DomainError('invalid', 'Say the alert first: link <A-n> to <INC-n>');
  const place = call.args.word(1)?.toLowerCase() === 'to' ? 2 : 1;
  const act = async (click: Parameters<typeof call.services.incidents.linkAlert>[0]) => {
    const { alert } = await call.services.alerts.findByNumber(click.actor, named.number);
    return call.services.incidents.linkAlert(click, alert.id);
  };
  return onIncident(call, 'link <A-n> to <INC-n>', act, place);
}

async function linkChannel(call: CommandCall): Promise<Reply> {
  const purpose = purposeOf(call.args.word(0));
  if (!purpose) throw new DomainError('invalid', `Say what to link: ${usage}`);
  if (call.caller.conversationKind === 'personal') {
    throw new DomainError('invalid', `A channel is linked from within: say "link ${purpose}" to me in that channel.`);
  }
  const name = call.args.rest(1).replace(/^"|"$/g, '');
  const tenantId = name === '' ? await onlyTenant(call) : await namedTenant(call, name);
  const who = await actor({ ...call, tenantId });
  const { conversationId, activityId } = call.caller;
  const linked = await call.services.channels.link(who, conversationId, purpose, activityId);
  return { text: `${linked}${await warning(call, who)}` };
}

const namedAtMost = 5;

/** A card shows its alert to the whole conversation, whatever rights its members have. */
async function warning(call: CommandCall, who: Actor): Promise<string> {
  const everybody = await call.people.everybody();
  if (everybody === null) return ' Who else reads here could not be found out: Teams did not name the members.';
  const others = await call.services.access.withoutRightToRead(who, everybody);
  if (others.length === 0) return '';
  const names = others.slice(0, namedAtMost).map((one) => asPlain(one.displayName, 60));
  const more = others.length > namedAtMost ? ` and ${others.length - namedAtMost} more` : '';
  return ` Mind that everybody in this channel sees the cards, also those without the right to read them: ${names.join(', ')}${more}.`;
}

/** Null with several: the domain then says what is missing. */
async function onlyTenant(call: CommandCall): Promise<string | null> {
  const [only, ...others] = await call.services.access.memberships(call.caller);
  return only && others.length === 0 ? only.tenantId : null;
}

async function namedTenant(call: CommandCall, name: string): Promise<string> {
  const found = tenantCalled(await call.services.access.memberships(call.caller), name);
  if (found) return found.tenantId;
  throw new DomainError(
    'invalid',
    `You are not a member of a tenant called ${name}. Say "whoami" to me in a personal chat.`,
  );
}
