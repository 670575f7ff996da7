import { DomainError } from '../../domain/errors.js';
import type { ClosingOutcome } from '../../domain/alerts/life-cycle.js';
import type { Command } from './command.js';
import { onAlert } from './entity-command.js';
import type { Args } from './parse.js';

const usage = 'close <A-n> benign|false-positive <notes>';

export const close: Command = {
  name: 'close',
  usage,
  does: 'Closes your alert; the notes say what you found.',
  slash: ['team', 'personal'],
  endsInText: true,
  run: (call) =>
    onAlert(call, usage, (click) => {
      const { outcome, next } = outcomeAt(call.args, 1);
      return call.services.alerts.close(click, outcome, call.args.rest(next));
    }),
};

/** People write false-positive, false positive and fp. */
function outcomeAt(args: Args, place: number): { outcome: ClosingOutcome; next: number } {
  const first = args.word(place)?.toLowerCase();
  const second = args.word(place + 1)?.toLowerCase();
  if (first === 'benign') return { outcome: 'closed_benign', next: place + 1 };
  if (first === 'false' && second === 'positive') return { outcome: 'closed_false_positive', next: place + 2 };
  if (first === 'fp' || first === 'false-positive' || first === 'false_positive') {
    return { outcome: 'closed_false_positive', next: place + 1 };
  }
  throw new DomainError('invalid', `Say how it ends, benign or false-positive, and what you found: ${usage}`);
}
