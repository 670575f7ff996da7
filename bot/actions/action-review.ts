import { z } from 'zod';
import { reviewDialog } from '../../cards/dialog-action.js';
import { note } from './data.js';
import { deviceActionAct } from './entity-action.js';

export const actionReview = deviceActionAct({
  inputs: z.object({ notes: note }),
  act: (services, click, inputs) => services.actions.review(click, inputs.notes),
  open: (_services, _actor, view) => reviewDialog(view),
});
