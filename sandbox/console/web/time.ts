const minute = 60_000;

/** "just now", "5 min ago", then the clock, then the day. */
export function relativeTime(iso: string, now: number): string {
  const at = Date.parse(iso);
  const age = now - at;
  if (age < minute) return 'just now';
  if (age < 60 * minute) return `${Math.floor(age / minute)} min ago`;
  return sameDay(at, now) ? clock(at) : `${dayName(iso, now)} ${clock(at)}`;
}

export function fullTime(iso: string): string {
  return new Date(iso).toLocaleString([], { dateStyle: 'full', timeStyle: 'medium' });
}

/** "Today", "Yesterday", or the date. */
export function dayName(iso: string, now: number): string {
  const at = Date.parse(iso);
  if (sameDay(at, now)) return 'Today';
  if (sameDay(at, now - 24 * 60 * minute)) return 'Yesterday';
  return new Date(at).toLocaleDateString([], { weekday: 'long', day: 'numeric', month: 'long' });
}

function clock(at: number): string {
  return new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
}

function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}
