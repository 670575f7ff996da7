/** What PostgreSQL refuses in text and jsonb (NUL) and what is no character at all (half of a surrogate pair). */
// eslint-disable-next-line no-control-regex
const unstorable = /[\u0000\p{Surrogate}]/gu;

/** Untrusted text, storable and at most `cap` UTF-16 units long. */
export function storable(text: string, cap: number): string {
  return text.slice(0, cap).replace(unstorable, '');
}

/** The same for a member that may be missing; blank counts as missing. */
export function storableOrNull(value: unknown, cap: number): string | null {
  if (typeof value !== 'string') return null;
  const text = storable(value, cap);
  return text.trim() === '' ? null : text;
}
