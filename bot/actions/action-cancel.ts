import { z } from 'zod';
import { cancelDialog } from '../../cards/dialog-action.js';
import { note } from './data.js';
import { deviceActionAct } from './entity-action.js';

export const actionCancel = deviceActionAct({
  inputs: z.object({ reason: note }),
  act: (services, click, inputs) => services.actions.cancel(click, inputs.reason),
  open: (_services, _actor, view) => cancelDialog(view),
});
