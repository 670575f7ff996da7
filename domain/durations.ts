export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

/** A span as people say it, rounded down: "4 s", "3 min", "2 h", "5 days". */
export function spanWords(from: Date, to: Date): string {
  const span = Math.max(0, to.getTime() - from.getTime());
  if (span < minute) return `${Math.floor(span / second)} s`;
  if (span < hour) return `${Math.floor(span / minute)} min`;
  if (span < 2 * day) return `${Math.floor(span / hour)} h`;
  return `${Math.floor(span / day)} days`;
}

export function plus(moment: Date, milliseconds: number): Date {
  return new Date(moment.getTime() + milliseconds);
}

/** The later of now and what the row says already: a transaction may have begun before the row was written. */
export function notBefore(now: Date, ...earlier: readonly (Date | null)[]): Date {
  return new Date(Math.max(now.getTime(), ...earlier.map((moment) => moment?.getTime() ?? 0)));
}
