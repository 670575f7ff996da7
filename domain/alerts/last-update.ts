/** A source's last-update time for exact ordering; a Date or timestamptz would cut Microsoft's seventh digit. */
export interface UpdateMoment {
  /** As sent. */
  readonly raw: string;
  /** UTC to the microsecond, cut and not rounded: the column last_update_at. */
  readonly at: string;
  /** All fractional digits, 9 of them. */
  readonly fraction: string;
}

/** `raw` is ISO 8601 with 0 to 9 fractional digits and a zone. Throws RangeError for other text. */
export function updateMoment(raw: string): UpdateMoment {
  const fraction = (/\.(\d{1,9})/.exec(raw)?.[1] ?? '').padEnd(9, '0');
  const seconds = new Date(raw.replace(/\.\d+/, '')).toISOString().slice(0, 19);
  return { raw, at: `${seconds}.${fraction.slice(0, 6)}Z`, fraction };
}

export function compareMoments(a: UpdateMoment, b: UpdateMoment): number {
  const [left, right] = [a.at + a.fraction, b.at + b.fraction];
  return left === right ? 0 : left < right ? -1 : 1;
}
