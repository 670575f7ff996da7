import { z } from 'zod';
import { reopenIncidentDialog } from '../../cards/dialog-incident.js';
import { note } from './data.js';
import { incidentAction } from './entity-action.js';

export const incidentReopen = incidentAction({
  inputs: z.object({ reason: note }),
  act: (services, click, inputs) => services.incidents.reopen(click, inputs.reason),
  open: (_services, _actor, view) => reopenIncidentDialog(view),
});
