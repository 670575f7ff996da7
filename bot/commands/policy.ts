import { drawPolicyCard } from '../../cards/policy-rules-card.js';
import { DomainError } from '../../domain/errors.js';
import { cardOptions, drawPolicyChange } from '../actions/drawn.js';
import { actor, answer } from './command.js';
import type { Command, CommandCall, Reply } from './command.js';
import { changeAt, policyUsage } from './policy-argument.js';

export const policy: Command = {
  name: 'policy',
  usage: 'policy [<rule> <value> <reason>]',
  does: 'The rules for device actions; an admin proposes a change, and a second one confirms it.',
  slash: [],
  endsInText: true,
  run: (call) => {
    const said = call.args.word(0)?.toLowerCase();
    return said === undefined || said === 'show' ? show(call) : propose(call);
  },
};

async function show(call: CommandCall): Promise<Reply> {
  const who = await actor(call);
  const people = await call.services.access.requesters(who);
  return { card: drawPolicyCard(await call.services.policy.current(who), people, policyUsage) };
}

async function propose(call: CommandCall): Promise<Reply> {
  const who = await actor(call);
  const current = await call.services.policy.current(who);
  const { change, next } = await changeAt(call, who, current);
  const reason = call.args.rest(next);
  if (reason === '') throw new DomainError('invalid', 'Say why the rule shall change, at the end of the command.');
  const { idempotencyKey, caller } = call;
  const click = { actor: who, idempotencyKey, activityId: caller.activityId };
  const { view } = await call.services.policy.propose(click, change, reason);
  return answer(call, drawPolicyChange(view, cardOptions(call)));
}
