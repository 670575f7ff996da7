const longest = 24 * 60 * 60 * 1000;

/** Milliseconds that a Retry-After header (seconds or an HTTP date) asks for; undefined when there is none to understand. */
export function retryAfterMs(headers: Headers, now: Date): number | undefined {
  const value = headers.get('retry-after')?.trim();
  if (!value) return undefined;
  const ms = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now.getTime();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(Math.ceil(ms), 0), longest);
}
