import { z } from 'zod';
import { resolveDialog } from '../../cards/dialog-incident.js';
import { note } from './data.js';
import { incidentAction } from './entity-action.js';

export const incidentResolve = incidentAction({
  inputs: z.object({ notes: note }),
  act: (services, click, inputs) => services.incidents.resolve(click, inputs.notes),
  open: (_services, _actor, view) => resolveDialog(view),
});
