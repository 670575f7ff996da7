import { drawHelp } from '../../cards/message-card.js';
import type { Command } from './command.js';

/** Made of the list that it is part of. */
export function helpCommand(all: () => readonly Command[]): Command {
  return {
    name: 'help',
    usage: 'help',
    does: 'Shows what you can say.',
    slash: ['team', 'personal'],
    needsTenant: false,
    run: () => Promise.resolve({ card: drawHelp(helpLines(all())) }),
  };
}

export function helpLines(all: readonly Command[]): { command: string; does: string }[] {
  return all.map(({ usage, does }) => ({ command: usage, does }));
}
