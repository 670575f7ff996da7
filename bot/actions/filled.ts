import type { Dialog } from '../../cards/dialog.js';
import { drawNoticeLine } from '../../cards/layout.js';

/** The form once more: what went wrong on top, and in its fields what the person had written. */
export function filled(dialog: Dialog, sentence: string, raw: unknown): Dialog {
  const { body } = dialog.card as { body?: unknown };
  const inputs = Array.isArray(body) ? body.map((element) => fill(element, raw)) : [];
  return { ...dialog, card: { ...dialog.card, body: [...drawNoticeLine(sentence), ...inputs] } };
}

function fill(element: unknown, raw: unknown): unknown {
  if (Array.isArray(element)) return element.map((one) => fill(one, raw));
  if (typeof element !== 'object' || element === null) return element;
  const walked = Object.fromEntries(Object.entries(element).map(([key, value]) => [key, fill(value, raw)]));
  const { type, id } = walked;
  if (typeof type !== 'string' || !type.startsWith('Input.') || typeof id !== 'string') return walked;
  const written = Object.hasOwn(raw as object, id) ? (raw as Record<string, unknown>)[id] : undefined;
  return typeof written === 'string' ? { ...walked, value: written } : walked;
}
