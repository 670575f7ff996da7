import { microsoftTime, timeKey } from '../../microsoft/timestamps.js';
import type { Properties } from './odata-filter.js';
import type { GraphAlert } from './tenants.js';

/** A query that Graph would answer with HTTP 400. */
export class ODataError extends Error {
  override readonly name = 'ODataError';
}

/** The properties that alerts_v2 documents for $filter. */
export const alertProperties: Properties = new Map([
  ['assignedTo', 'text'],
  ['classification', 'text'],
  ['determination', 'text'],
  ['severity', 'text'],
  ['serviceSource', 'text'],
  ['status', 'text'],
  ['createdDateTime', 'time'],
  ['lastUpdateDateTime', 'time'],
]);

export interface Order {
  readonly descending: boolean;
  /** Sorts as text, one key per alert. */
  readonly keyOf: (alert: GraphAlert) => string;
}

/** One time, ascending or descending; without $orderby the newest alert comes first. */
export function parseOrder(orderBy: string | null): Order {
  const form = /^(createdDateTime|lastUpdateDateTime)(?: (asc|desc))?$/;
  const [, property, direction] = form.exec(orderBy ?? 'createdDateTime desc') ?? [];
  if (property === undefined) throw new ODataError('Invalid orderby clause');
  const time = (alert: GraphAlert) => microsoftTime(alert[property]) ?? '1970-01-01T00:00:00Z';
  return { descending: direction === 'desc', keyOf: (alert) => `${timeKey(time(alert))} ${alert.id ?? ''}` };
}

/** $top is cut to 1000 without a word, as Graph does; $skip ends at 500. */
export function parseTop(top: string | null): number {
  if (top === null) return 100;
  if (!/^\d+$/.test(top)) throw new ODataError("Invalid value for '$top'.");
  return Math.min(Number(top), 1000);
}

export function parseSkip(skip: string | null): number {
  if (skip === null) return 0;
  if (!/^\d+$/.test(skip) || Number(skip) > 500) throw new ODataError("Invalid value for '$skip': the maximum is 500.");
  return Number(skip);
}
