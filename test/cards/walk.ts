/** Every object inside a card, itself included. */
export function parts(node: unknown): Record<string, unknown>[] {
  if (Array.isArray(node)) return node.flatMap(parts);
  if (node === null || typeof node !== 'object') return [];
  return [node as Record<string, unknown>, ...Object.values(node).flatMap(parts)];
}

export function ofType(node: unknown, type: string): Record<string, unknown>[] {
  return parts(node).filter((part) => part['type'] === type);
}

/** Every text of a card that a person can read, one per line; toggled sections included. */
export function texts(node: unknown): string {
  const shown = parts(node).filter((part) => part['type'] === 'TextBlock' || part['type'] === 'TextRun');
  return shown.map((part) => part['text']).join('\n');
}

export function titles(node: unknown): unknown[] {
  return ((node as { actions?: { title?: unknown }[] }).actions ?? []).map((action) => action.title);
}
