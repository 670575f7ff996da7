import { drawPostureCard } from '../../cards/posture-card.js';
import { actor } from './command.js';
import type { Command } from './command.js';

export const posture: Command = {
  name: 'posture',
  usage: 'posture',
  does: 'The security posture, what it is made of, and what pulls it down.',
  slash: ['personal'],
  run: async (call) => ({ card: drawPostureCard(await call.services.posture.read(await actor(call))) }),
};
