import { z } from 'zod';
import { releaseDialog } from '../../cards/dialog-alert.js';
import { note } from './data.js';
import { alertAction } from './entity-action.js';

export const alertRelease = alertAction({
  inputs: z.object({ notes: note }),
  act: (services, click, inputs) => services.alerts.release(click, inputs.notes),
  open: (_services, _actor, view) => releaseDialog(view),
});
