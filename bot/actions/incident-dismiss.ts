import { z } from 'zod';
import { dismissDialog } from '../../cards/dialog-incident.js';
import { note } from './data.js';
import { incidentAction } from './entity-action.js';

export const incidentDismiss = incidentAction({
  inputs: z.object({ reason: note }),
  act: (services, click, inputs) => services.incidents.dismiss(click, inputs.reason),
  open: (_services, _actor, view) => dismissDialog(view),
});
