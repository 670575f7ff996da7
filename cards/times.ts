const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function isKnown(time: Date): boolean {
  return Number.isFinite(time.getTime()) && time.getUTCFullYear() >= 0 && time.getUTCFullYear() <= 9999;
}

/** Without fractions of a second: renderers leave macros with them unread. */
function stamp(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

/** Date and time in the zone of whoever looks, for a TextBlock. */
export function viewerTime(time: Date): string {
  return isKnown(time) ? `{{DATE(${stamp(time)}, SHORT)}} {{TIME(${stamp(time)})}}` : 'time not known';
}

export function viewerClock(time: Date): string {
  return isKnown(time) ? `{{TIME(${stamp(time)})}}` : 'time not known';
}

/** For fallback text, where macros are not read. */
export function utcTime(time: Date): string {
  return isKnown(time) ? `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC` : 'time not known';
}

/** A length of time in at most two units: 45 s, 12 min, 3 h 5 min, 2 d 4 h. */
export function duration(milliseconds: number): string {
  const ms = Math.abs(milliseconds);
  if (!Number.isFinite(ms)) return 'an unknown time';
  if (ms < MINUTE) return `${Math.floor(ms / 1000)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  return ms < DAY ? twoUnits(ms, HOUR, 'h', MINUTE, 'min') : twoUnits(ms, DAY, 'd', HOUR, 'h');
}

function twoUnits(ms: number, big: number, bigName: string, small: number, smallName: string): string {
  const rest = Math.floor((ms % big) / small);
  const whole = `${Math.floor(ms / big)} ${bigName}`;
  return rest > 0 ? `${whole} ${rest} ${smallName}` : whole;
}

/** "due in 12 min" or "overdue by 3 min". */
export function dueWords(deadline: Date, now: Date): string {
  const left = deadline.getTime() - now.getTime();
  return left >= 0 ? `due in ${duration(left)}` : `overdue by ${duration(left)}`;
}
