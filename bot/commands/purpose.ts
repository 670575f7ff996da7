import type { LinkPurpose } from '../../domain/services.js';

const purposes: ReadonlySet<string> = new Set(['alerts', 'escalations', 'reports'] satisfies LinkPurpose[]);

/** What a channel is linked for; null for other words. */
export function purposeOf(word: string | undefined): LinkPurpose | null {
  const said = word?.toLowerCase() ?? '';
  return purposes.has(said) ? (said as LinkPurpose) : null;
}
