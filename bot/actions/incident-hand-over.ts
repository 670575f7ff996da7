import { z } from 'zod';
import { handOverDialog } from '../../cards/dialog-incident.js';
import { note, person } from './data.js';
import { incidentAction } from './entity-action.js';

export const incidentHandOver = incidentAction({
  inputs: z.object({ ownerId: person, reason: note }),
  act: (services, click, inputs) => services.incidents.handOver(click, inputs.ownerId, inputs.reason),
  open: async (services, actor, view) => handOverDialog(view, await services.access.assignees(actor)),
});
