const form = /^(\d{4})-(\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)(Z|[+-]\d{2}:\d{2})?$/;

/**
 * A time of Defender's exports in ISO 8601 with a zone: they write `2020-05-06 12:42:19`, which is UTC. Null for what is no
 * time, and for the sentinels of year 1 and 9999.
 */
export function exportTime(text: string | null): string | null {
  const found = form.exec(text ?? '');
  if (!found) return null;
  const [, year, date, time, zone] = found;
  if (Number(year) <= 1 || Number(year) >= 9999) return null;
  const moment = `${year}-${date}T${time}${zone ?? 'Z'}`;
  return Number.isNaN(Date.parse(moment)) ? null : moment;
}
