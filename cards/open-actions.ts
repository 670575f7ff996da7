import type { OpenAction } from '../domain/actions/action.js';
import { openActionWords } from './action-words.js';
import type { CardContent } from './card.js';
import { drawHint } from './layout.js';
import { asPlain } from './text.js';

const SHOWN = 3;

interface Held {
  readonly name: string | null;
  readonly openActions: readonly OpenAction[];
}

/** A line for each action that has not ended: "Isolation ACT-7 waits for approval." Several devices are told apart by name. */
export function drawOpenActions(devices: readonly Held[]): CardContent[] {
  const isOneOfMany = devices.length > 1;
  const lines = devices.flatMap(({ name, openActions }) =>
    openActions.map((action) => ({ action, of: isOneOfMany ? ` of ${asPlain(name, 60) || 'a device'}` : '' })),
  );
  const drawn = lines.slice(0, SHOWN).map(({ action, of }) => drawHint('accent', `▷ ${openActionWords(action, of)}.`));
  const left = lines.length - drawn.length;
  return left > 0 ? [...drawn, drawHint('accent', `▷ ${left} more actions have not ended.`)] : drawn;
}
