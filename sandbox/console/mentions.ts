/** Turns @Name into the <at>Name</at> that Teams puts into a message; longer names first, so that they win. */
export function addMentions(text: string, names: readonly string[]): string {
  const known = names.toSorted((a, b) => b.length - a.length);
  const pattern = new RegExp(`(^|\\s)@(${known.map(escapePattern).join('|')})(?![\\p{L}\\p{N}])`, 'giu');
  const spelled = (given: string) => known.find((name) => name.toLowerCase() === given.toLowerCase()) ?? given;
  return text.replace(pattern, (_whole, before: string, name: string) => `${before}<at>${spelled(name)}</at>`);
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
