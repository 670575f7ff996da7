import { z } from 'zod';
import { closeDialog } from '../../cards/dialog-alert.js';
import { note, outcome } from './data.js';
import { alertAction } from './entity-action.js';

export const alertClose = alertAction({
  inputs: z.object({ outcome, notes: note }),
  act: (services, click, inputs) => services.alerts.close(click, inputs.outcome, inputs.notes),
  open: (_services, _actor, view) => closeDialog(view),
});
