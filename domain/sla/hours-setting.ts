import { IANAZone } from 'luxon';
import { z } from 'zod';
import type { BusinessHours, Span } from './business-hours.js';

export const weekDays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const clock = /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/;
const span = z
  .tuple([
    z.string().regex(clock, 'must be a time such as 09:00'),
    z.string().regex(clock, 'must be a time such as 17:30'),
  ])
  .transform(([from, to]): Span => ({ from: minutesOf(from), to: minutesOf(to) }))
  .refine(({ from, to }) => from < to, 'must end later than it begins');
const spans = z
  .array(span)
  .max(6)
  .refine((all) => all.every((one, place) => one.from > (all[place - 1]?.to ?? -1)), 'must be in order and not touch')
  .default([]);

/** E.g. {"zone": "Europe/Berlin", "week": {"mon": [["09:00", "17:30"]]}, "holidays": ["2026-12-25"]}. */
export const businessHoursSetting = z
  .object({
    zone: z.string().refine((name) => IANAZone.isValidZone(name), 'must be a zone such as Europe/Berlin'),
    week: z.object(
      Object.fromEntries(weekDays.map((day) => [day, spans])) as Record<(typeof weekDays)[number], typeof spans>,
    ),
    holidays: z.array(z.iso.date('must be a date such as 2026-12-25')).max(500).default([]),
  })
  .transform(({ zone, week, holidays }): BusinessHours => ({
    zone,
    week: weekDays.map((day) => week[day]),
    holidays: new Set(holidays),
  }))
  .refine(({ week }) => week.some((day) => day.length > 0), 'needs hours on one day of the week at least');

function minutesOf(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
}
