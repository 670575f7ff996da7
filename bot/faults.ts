import { randomBytes } from 'node:crypto';
import { DomainError } from '../domain/errors.js';
import type { DomainErrorCode } from '../domain/errors.js';
import type { BotLog } from './log.js';
import { sentences } from './sentences.js';

/** Why something was not done, in words for the person. */
export interface Fault {
  readonly code: DomainErrorCode | 'bug';
  readonly sentence: string;
}

/** PostgreSQL is starting, stopping, full or gone; or the network to it. */
const unreachable: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  '53300',
  '57P01',
  '57P02',
  '57P03',
  '08000',
  '08001',
  '08003',
  '08006',
]);

/** pg gives these no code, and Knex puts the statement in front. */
const brokenConnection =
  /(^| - )(Connection terminated( unexpectedly| due to connection timeout)?|Client .* is not queryable)$/;

/** A DomainError is for people as it is; of everything else they get a reference that the log knows. */
export function toFault(error: unknown, log: BotLog, fields: object): Fault {
  if (error instanceof DomainError) return { code: error.code, sentence: error.message };
  if (isUnreachable(error)) {
    log.error({ ...fields, err: error }, 'The database could not be reached');
    return { code: 'unavailable', sentence: sentences.unreachable };
  }
  const reference = randomBytes(3).toString('hex');
  log.error({ ...fields, reference, err: error }, 'Something went wrong');
  return { code: 'bug', sentence: sentences.bug(reference) };
}

function isUnreachable(error: unknown): boolean {
  const { code, name, message } = (error ?? {}) as { code?: unknown; name?: unknown; message?: unknown };
  if (typeof code === 'string' && unreachable.has(code)) return true;
  if (name === 'KnexTimeoutError' || name === 'AggregateError') return true;
  return typeof message === 'string' && brokenConnection.test(message);
}
