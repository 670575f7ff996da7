const form = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/;

/**
 * Microsoft's time as the text it sent (0 to 7 fractional digits; a Date would cut them to 3), or null when it is no time
 * or one of the sentinels of year 1 and 9999.
 */
export function microsoftTime(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const year = Number(form.exec(value)?.[1] ?? 1);
  return year <= 1 || year >= 9999 || Number.isNaN(Date.parse(value)) ? null : value;
}

const exportForm = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)$/;

/** Defender's exports write times without a zone; they are of UTC. Returned with it, as the API's other times are written. */
export function exportTime(value: unknown): string | null {
  const [, day, clock] = (typeof value === 'string' && exportForm.exec(value)) || [];
  return microsoftTime(day && clock ? `${day}T${clock}Z` : value);
}

/** Orders two such texts by the moment they name, to all their digits: negative, 0 or positive. */
export function compareTimes(a: string, b: string): number {
  const [left, right] = [timeKey(a), timeKey(b)];
  return left === right ? 0 : left < right ? -1 : 1;
}

/** The moment as text that sorts by itself: UTC with 9 fractional digits. */
export function timeKey(time: string): string {
  const seconds = new Date(time).toISOString().slice(0, 19);
  return `${seconds}.${(form.exec(time)?.[7] ?? '').padEnd(9, '0')}`;
}
