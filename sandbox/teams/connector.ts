import type { IncomingMessage, ServerResponse } from 'node:http';

import type { CallResult } from './connector-calls.js';
import { codeOfStatus, ConnectorFault, tooBig } from './connector-reply.js';
import { findCall } from './connector-routes.js';
import type { Call } from './connector-routes.js';
import type { Fault, Faults } from './faults.js';
import type { Limits } from './limits.js';
import type { ConnectorLog } from './log.js';
import { readBody } from './request-body.js';
import type { World } from './world.js';

export interface ConnectorParts {
  readonly world: World;
  /** null switches the limits off. */
  readonly limits: Limits | null;
  readonly faults: Faults;
  readonly log: ConnectorLog;
  /** Below 1, Retry-After is a fraction of a second. */
  readonly timeScale: number;
}

/** Documented size of a message, in bytes of UTF-16. */
const maxMessageBytes = 100 * 1024;

/** Answers the Bot Connector REST API v3 below any path. False when the request is none of its calls. */
export async function handleConnector(parts: ConnectorParts, req: IncomingMessage, res: ServerResponse) {
  const url = new URL(req.url ?? '/', 'http://localhost');
  const start = url.pathname.indexOf('/v3/');
  if (start < 0) return false;
  const segments = url.pathname
    .slice(start + 4)
    .split('/')
    .map(decodeURIComponent);
  const text = await readBody(req, 4 * 1024 * 1024);
  const call = text === null ? null : findCall(parts.world, req.method ?? 'GET', segments, url.searchParams, text);
  if (!call) return answerFault(res, parts.timeScale, text === null ? tooBig() : unknownCall());
  await serve(parts, call, text?.length ?? 0, res);
  return true;
}

const unknownCall = () => new ConnectorFault(404, 'ServiceError', 'There is no such operation.');

async function serve(parts: ConnectorParts, call: Call, characters: number, res: ServerResponse): Promise<void> {
  const fault = parts.faults.next(call.operation, call.conversationId);
  if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
  const skipped = fault && fault.kind !== 'slow' && fault.accepted !== true;
  const outcome = skipped ? null : perform(parts, call, characters);
  const done = outcome instanceof ConnectorFault ? null : outcome;
  const status = answer(parts, res, fault, outcome);
  parts.log.add({
    operation: call.operation,
    conversationId: call.conversationId,
    activityId: done?.activityId ?? null,
    rootId: done?.rootId ?? null,
    status,
    accepted: done !== null,
    at: parts.world.now().getTime(),
  });
}

function perform(parts: ConnectorParts, call: Call, characters: number): CallResult | ConnectorFault {
  try {
    if (characters * 2 > maxMessageBytes && call.operation !== 'members') throw tooBig();
    const wait = waitFor(parts, call);
    if (wait > 0) throw throttled(wait);
    return call.run();
  } catch (error) {
    if (error instanceof ConnectorFault) return error;
    throw error;
  }
}

const throttled = (milliseconds: number) =>
  new ConnectorFault(429, 'Throttled', 'Too many requests.', milliseconds / 1000);

/** Milliseconds until the limits let this call pass; a call that may pass is counted. Edits count as sends. */
function waitFor({ limits, world }: ConnectorParts, { operation, conversationId }: Call): number {
  if (!limits) return 0;
  const tenant =
    world.conversations.get(conversationId)?.entraTenantId ?? world.people.get(conversationId)?.entraTenantId;
  const kind = operation === 'members' || operation === 'team' ? 'members' : operation === 'create' ? 'create' : 'send';
  const kinds = kind === 'create' ? (['create', 'send'] as const) : ([kind] as const);
  const waits = kinds.map((one) => limits.wait(one, conversationId));
  const longest = Math.max(...waits, limits.wait('tenant', tenant ?? ''));
  if (longest > 0) return longest;
  for (const one of kinds) limits.take(one, conversationId);
  limits.take('tenant', tenant ?? '');
  return 0;
}

/** Sends the answer, or what the fault makes of it; returns the status that went out. */
function answer(
  parts: ConnectorParts,
  res: ServerResponse,
  fault: Fault | null,
  outcome: CallResult | ConnectorFault | null,
) {
  if (fault?.kind === 'hang') return 0;
  if (fault?.kind === 'cut') {
    res.socket?.destroy();
    return 0;
  }
  if (fault?.kind === 'status') {
    const code = fault.code ?? codeOfStatus.get(fault.status) ?? 'ServiceError';
    answerFault(res, 1, new ConnectorFault(fault.status, code, 'Scripted fault.', fault.retryAfterSeconds));
    return fault.status;
  }
  if (outcome === null || outcome instanceof ConnectorFault) {
    answerFault(res, parts.timeScale, outcome ?? unknownCall());
    return outcome?.status ?? 404;
  }
  answerJson(res, outcome.status, outcome.body);
  return outcome.status;
}

function answerFault(res: ServerResponse, timeScale: number, fault: ConnectorFault): true {
  if (fault.retryAfterSeconds !== undefined)
    res.setHeader(
      'retry-after',
      timeScale < 1 ? fault.retryAfterSeconds.toFixed(3) : String(Math.ceil(fault.retryAfterSeconds)),
    );
  answerJson(res, fault.status, { error: { code: fault.code, message: fault.message } });
  return true;
}

function answerJson(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  res.end(JSON.stringify(body));
}
