import { z } from 'zod';
import { rejectDialog } from '../../cards/dialog-action.js';
import { note } from './data.js';
import { deviceActionAct } from './entity-action.js';

export const actionReject = deviceActionAct({
  inputs: z.object({ reason: note }),
  act: (services, click, inputs) => services.actions.reject(click, inputs.reason),
  open: (_services, _actor, view) => rejectDialog(view),
});
