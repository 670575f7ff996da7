import type { TenantConnection } from '../domain/alerts/alert-source.js';
import type { OrderOutcome } from '../domain/actions/action-gateway.js';
import { isActionId } from './action-ids.js';
import { parseAction } from './action-parser.js';
import { errorBodyOf, saidBy } from './rest-faults.js';
import type { RestAnswer } from './rest.js';
import { retryAfterMs } from './retry-after.js';
import { TransportFailure } from './transport-failure.js';

/** What was asked, for sentences. */
export interface Ordered {
  readonly connection: TenantConnection;
  /** The application permission that it needs. */
  readonly permission: string;
  /** What Defender does not find when it answers 404. */
  readonly missing: string;
}

type Refusal = (answer: RestAnswer, asked: Ordered) => string;

const nothing = 'Nothing was begun.';
const begunOrNot = 'Whether it was begun is not known and is being looked up; it is not sent again.';

/** Errors of 400 that have a cure. */
const byCode: ReadonlyMap<string, string> = new Map([
  [
    'OsPlatformNotSupported',
    `Defender cannot do this on the operating system of this device. ${nothing} Take the device off the network by other means, such as at its switch.`,
  ],
  [
    'ClientVersionNotSupported',
    `The Defender client of this device is too old for this. ${nothing} Update the client, then ask for it again.`,
  ],
]);

const byStatus: ReadonlyMap<number, Refusal> = new Map<number, Refusal>([
  [
    401,
    ({ text }, { connection, permission }) =>
      `Defender refuses the application that acts in Entra tenant ${connection.entraTenantId}: check its consent and ${permission} (${saidBy(text)}). ${nothing} Ask for it again then.`,
  ],
  [
    403,
    ({ text }, { connection, permission }) =>
      `The application that acts lacks the permission ${permission} of WindowsDefenderATP in Entra tenant ${connection.entraTenantId} (${saidBy(text)}). ${nothing} An administrator of that tenant must consent to it; then ask for it again.`,
  ],
  [404, (_answer, { missing }) => `${missing} ${nothing}`],
  [
    429,
    ({ headers }) => `Microsoft takes no more requests for this tenant at the moment. ${nothing} ${again(headers)}`,
  ],
]);

/** Refusals that leave open what a gateway passed on before it gave up. */
const openEnded = new Set([408, 499]);

/** What became of the one request. Never throws. */
export function outcomeOf(answer: RestAnswer | TransportFailure, asked: Ordered): OrderOutcome {
  if (answer instanceof TransportFailure) {
    return answer.neverSent
      ? { is: 'refused', message: `${answer.message}. ${nothing} Ask for it again later.` }
      : { is: 'unknown', message: `${answer.message}. ${begunOrNot}` };
  }
  const { status, text } = answer;
  if (status >= 200 && status < 300) return accepted(text);
  if (isActive(status, text)) return { is: 'active' };
  if (status < 400 || status >= 500 || openEnded.has(status))
    return { is: 'unknown', message: `Defender answered HTTP ${status} (${saidBy(text)}). ${begunOrNot}` };
  return { is: 'refused', message: refusal(answer, asked) };
}

function accepted(text: string): OrderOutcome {
  const action = parseAction(jsonOf(text));
  if (action && isActionId(action.id)) return { is: 'accepted', action };
  return { is: 'unknown', message: `Defender took the request, but its answer cannot be read. ${begunOrNot}` };
}

function isActive(status: number, text: string): boolean {
  const { code, message } = errorBodyOf(text);
  const says = code === 'ActiveRequestAlreadyExists' || /already in progress/i.test(message);
  return says && (status === 400 || status === 409);
}

function refusal(answer: RestAnswer, asked: Ordered): string {
  const { code, message } = errorBodyOf(answer.text);
  const known = [...byCode].find(([name]) => code === name || message.includes(name))?.[1];
  if (known && answer.status === 400) return known;
  const sentence = byStatus.get(answer.status);
  if (sentence) return sentence(answer, asked);
  return `Defender refused it: HTTP ${answer.status} (${saidBy(answer.text)}). ${nothing} If that says what to mend, ask for it again then; else do it in the Defender portal.`;
}

function again(headers: Headers): string {
  const ms = retryAfterMs(headers, new Date());
  if (ms === undefined) return 'Ask for it again in a few minutes.';
  const minutes = Math.max(1, Math.ceil(ms / 60_000));
  return `Ask for it again in ${minutes} minute${minutes === 1 ? '' : 's'}.`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
