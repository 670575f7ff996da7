import { DateTime } from 'luxon';

/** Hours in which clocks run, in the tenant's own zone. */
export interface BusinessHours {
  /** IANA name, e.g. Europe/Berlin. */
  readonly zone: string;
  /** Per day of the week, Monday first: spans of local minutes since midnight, in order, not touching; 1440 = midnight. */
  readonly week: readonly (readonly Span[])[];
  /** Local dates (2026-12-25) on which no clock runs. */
  readonly holidays: ReadonlySet<string>;
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

interface Moments {
  readonly from: number;
  readonly to: number;
}

const minuteMs = 60_000;
/** Ten years: only a list of holidays without end could use them up. */
const mostDays = 3_660;

/**
 * The moment by which so many minutes of business hours have passed since `from`. It lies in business hours, their end
 * included. Minutes are counted as they pass, so a day on which clocks change has an hour more or less.
 */
export function addBusinessMinutes(hours: BusinessHours, from: Date, minutes: number): Date {
  let left = minutes * minuteMs;
  for (const { from: opens, to: closes } of spansFrom(hours, from)) {
    const begins = Math.max(opens, from.getTime());
    if (closes - begins >= left) return new Date(begins + left);
    left -= closes - begins;
  }
  throw new RangeError(`the business hours of ${hours.zone} have no time left in ten years`);
}

/** Minutes of business hours between two moments; 0 when `to` is not later. */
export function businessMinutesBetween(hours: BusinessHours, from: Date, to: Date): number {
  let passed = 0;
  for (const span of spansFrom(hours, from)) {
    if (span.from >= to.getTime()) break;
    passed += Math.max(0, Math.min(span.to, to.getTime()) - Math.max(span.from, from.getTime()));
  }
  return passed / minuteMs;
}

/** Spans that end after `from`, in order, as moments. */
function* spansFrom(hours: BusinessHours, from: Date): Generator<Moments> {
  const first = DateTime.fromJSDate(from, { zone: hours.zone }).startOf('day');
  for (let passed = 0; passed < mostDays; passed += 1) {
    const day = first.plus({ days: passed });
    if (hours.holidays.has(day.toISODate() ?? '')) continue;
    for (const span of hours.week[day.weekday - 1] ?? []) {
      const moments = { from: at(day, span.from), to: at(day, span.to) };
      if (moments.to > from.getTime() && moments.to > moments.from) yield moments;
    }
  }
}

/** The moment of a local time; one that the clocks skip is taken as much later as they skip. */
function at(day: DateTime, minutes: number): number {
  if (minutes >= 1_440) return day.plus({ days: 1 }).startOf('day').toMillis();
  return day.set({ hour: Math.floor(minutes / 60), minute: minutes % 60 }).toMillis();
}
