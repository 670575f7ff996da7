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

/** Orders two such texts by the moment they name, to all their digits: negative, 0 or positive. */
export function compareTimes(a: string, b: string): number {
  const wholeSeconds = seconds(a) - seconds(b);
  if (wholeSeconds !== 0) return wholeSeconds;
  return fraction(a).localeCompare(fraction(b), 'en');
}

const seconds = (time: string) => Math.floor(Date.parse(time) / 1000);
const fraction = (time: string) => (form.exec(time)?.[7] ?? '').padEnd(9, '0');
