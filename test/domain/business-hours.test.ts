import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { addBusinessMinutes, businessMinutesBetween } from '../../domain/sla/business-hours.js';
import type { BusinessHours } from '../../domain/sla/business-hours.js';
import { businessHoursSetting, weekDays } from '../../domain/sla/hours-setting.js';
import { deadlines } from '../../domain/sla/policy.js';
import { tenantSettings } from '../../domain/tenants/settings.js';

const office = {
  mon: [['09:00', '17:00']],
  tue: [['09:00', '17:00']],
  fri: [
    ['09:00', '12:00'],
    ['13:00', '16:30'],
  ],
};
const hoursOf = (setting: unknown): BusinessHours => businessHoursSetting.parse(setting);
const berlin = hoursOf({ zone: 'Europe/Berlin', week: office, holidays: ['2026-11-24'] });
const local = (iso: string, zone = 'Europe/Berlin') => DateTime.fromISO(iso, { zone }).toJSDate();

describe('business hours', () => {
  it('count only while the office is open, over nights and week ends', () => {
    assert.deepEqual(addBusinessMinutes(berlin, local('2026-11-20T16:00'), 90), local('2026-11-23T10:00'));
    assert.deepEqual(addBusinessMinutes(berlin, local('2026-11-20T11:30'), 60), local('2026-11-20T13:30'));
  });

  it('begin at the next opening when something happens outside of them, and leave holidays out', () => {
    assert.deepEqual(addBusinessMinutes(berlin, local('2026-11-22T03:00'), 15), local('2026-11-23T09:15'));
    assert.deepEqual(addBusinessMinutes(berlin, local('2026-11-23T16:50'), 15), local('2026-11-27T09:05'));
  });

  it('have an hour less on the day on which clocks go forward, and one more when they go back', () => {
    const always = hoursOf({
      zone: 'Europe/Berlin',
      week: Object.fromEntries(weekDays.map((day) => [day, [['00:00', '24:00']]])),
    });
    const between = (day: string, next: string) => businessMinutesBetween(always, local(day), local(next));
    assert.equal(between('2026-03-29T00:00', '2026-03-30T00:00'), 23 * 60);
    assert.equal(between('2026-10-25T00:00', '2026-10-26T00:00'), 25 * 60);
    assert.equal(between('2028-02-29T00:00', '2028-03-01T00:00'), 24 * 60);
  });

  it('are refused when they cannot work: an unknown zone, no day at all, a span that ends before it begins', () => {
    const week = { mon: [['09:00', '17:00']] };
    for (const wrong of [
      { zone: 'Europe/Atlantis', week },
      { zone: 'Europe/Berlin', week: {} },
      { zone: 'Europe/Berlin', week: { mon: [['17:00', '09:00']] } },
      {
        zone: 'Europe/Berlin',
        week: {
          mon: [
            ['09:00', '12:00'],
            ['11:00', '13:00'],
          ],
        },
      },
      { zone: 'Europe/Berlin', week, holidays: ['2026-02-30'] },
    ])
      assert.equal(businessHoursSetting.safeParse(wrong).success, false, JSON.stringify(wrong));
  });

  it('set the deadlines of an incident when the tenant has them', () => {
    const settings = tenantSettings({ businessHours: { zone: 'Europe/Berlin', week: office } });
    const clocks = deadlines('critical', local('2026-11-20T16:20'), settings);
    assert.deepEqual(clocks.slaAcknowledgeBy, local('2026-11-23T09:05'));
    assert.deepEqual(clocks.slaResolveBy, local('2026-11-23T12:50'));
  });
});

const zones = [
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'UTC',
];
const clockText = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
const daySpans = fc
  .uniqueArray(fc.integer({ min: 0, max: 95 }), { minLength: 0, maxLength: 4 })
  .map((quarters) => quarters.toSorted((a, b) => a - b))
  .filter((quarters) => quarters.length % 2 === 0)
  .map((q) =>
    Array.from({ length: q.length / 2 }, (_, i) => [
      clockText((q[2 * i] ?? 0) * 15),
      clockText((q[2 * i + 1] ?? 0) * 15),
    ]),
  );
const anyHours = fc
  .record({
    zone: fc.constantFrom(...zones),
    week: fc.record(Object.fromEntries(weekDays.map((day) => [day, daySpans]))),
    holidays: fc.array(
      fc.integer({ min: 0, max: 400 }).map((n) => DateTime.utc(2026).plus({ days: n }).toISODate()),
      { maxLength: 20 },
    ),
  })
  .map((setting) => businessHoursSetting.safeParse(setting))
  .filter((parsed) => parsed.success)
  .map((parsed) => parsed.data);
const anyMoment = fc.date({ min: new Date('2026-01-01'), max: new Date('2027-03-01'), noInvalidDate: true });
const anyMinutes = fc.integer({ min: 1, max: 6_000 });

/** Independent of the code under test: is this moment inside an opening of its local day, ends included. */
function isOpen({ zone, week, holidays }: BusinessHours, moment: Date): boolean {
  const days = [DateTime.fromJSDate(moment, { zone }), DateTime.fromMillis(moment.getTime() - 1, { zone })];
  return days.some((day) => {
    const minute = day.hour * 60 + day.minute;
    if (holidays.has(day.toISODate() ?? '')) return false;
    return (week[day.weekday - 1] ?? []).some((span) => span.from <= minute && minute <= span.to);
  });
}

describe('the laws of business hours', () => {
  it('a deadline never lies outside of them, whatever the zone', () => {
    fc.assert(
      fc.property(anyHours, anyMoment, anyMinutes, (hours, from, minutes) =>
        isOpen(hours, addBusinessMinutes(hours, from, minutes)),
      ),
    );
  });

  it('the minutes up to a deadline add up to what was given', () => {
    fc.assert(
      fc.property(anyHours, anyMoment, anyMinutes, (hours, from, minutes) => {
        assert.equal(businessMinutesBetween(hours, from, addBusinessMinutes(hours, from, minutes)), minutes);
      }),
    );
  });

  it('two spans one after the other are as long as both', () => {
    fc.assert(
      fc.property(anyHours, anyMoment, anyMinutes, anyMinutes, (hours, from, one, other) => {
        const twice = addBusinessMinutes(hours, addBusinessMinutes(hours, from, one), other);
        assert.deepEqual(twice, addBusinessMinutes(hours, from, one + other));
      }),
    );
  });

  it('what happens later is never due earlier', () => {
    fc.assert(
      fc.property(
        anyHours,
        anyMoment,
        fc.integer({ min: 0, max: 100_000_000 }),
        anyMinutes,
        (hours, from, ms, minutes) => {
          const later = new Date(from.getTime() + ms);
          assert.ok(addBusinessMinutes(hours, from, minutes) <= addBusinessMinutes(hours, later, minutes));
        },
      ),
    );
  });
});
