import { z } from 'zod';
import { reopenDialog } from '../../cards/dialog-alert.js';
import { note } from './data.js';
import { alertAction } from './entity-action.js';

export const alertReopen = alertAction({
  inputs: z.object({ reason: note }),
  act: (services, click, inputs) => services.alerts.reopen(click, inputs.reason),
  open: (_services, _actor, view) => reopenDialog(view),
});
