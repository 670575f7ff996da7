import type { DeviceActionKind } from '../../domain/actions/action.js';
import type { DeviceVerb } from '../../domain/devices/device.js';
import { DomainError } from '../../domain/errors.js';
import { cardOptions, drawAction } from '../actions/drawn.js';
import { actor, answer, clickOn } from './command.js';
import type { CommandCall, Reply } from './command.js';
import { findDevice } from './device-argument.js';

interface RequestParts {
  readonly verb: DeviceVerb;
  readonly kind: DeviceActionKind;
  readonly usage: string;
  /** What stands for a reason when none is said; without it one must be said. */
  readonly unsaid?: string;
}

/** Asks for an action on the device named first, in its usual way: full isolation, quick scan. */
export async function request(call: CommandCall, { verb, kind, usage, unsaid = '' }: RequestParts): Promise<Reply> {
  const said = call.args.word(0);
  if (said === undefined) throw new DomainError('invalid', `Say which device: ${usage}`);
  const reason = call.args.rest(1) || unsaid;
  if (reason === '') throw new DomainError('invalid', `Say why, it is kept and sent to Microsoft too: ${usage}`);
  const who = await actor(call);
  const found = await findDevice(call, who, said, { verb, reason: call.args.rest(1) });
  if ('reply' in found) return found.reply;
  const cause = { entity: 'device', entityId: found.device.id } as const;
  const order = { kind, cause, parameter: null, reason };
  const { view } = await call.services.actions.request(clickOn(call, who, found.device.id), order);
  return answer(call, drawAction(view, cardOptions(call)));
}
