/** Milliseconds; whoever asks us to wait longer than an hour is wrong or broken. */
const LONGEST = 60 * 60_000;

/** Reads a Retry-After header: seconds or an HTTP date. Null when there is none or it cannot be read. */
export function retryAfterMs(header: string | null, now: Date): number | null {
  const text = header?.trim() ?? '';
  if (text === '') return null;
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now.getTime();
  return Number.isFinite(ms) ? Math.min(Math.max(Math.ceil(ms), 0), LONGEST) : null;
}
