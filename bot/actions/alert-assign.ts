import { z } from 'zod';
import { assignDialog } from '../../cards/dialog-alert.js';
import { note, person } from './data.js';
import { alertAction } from './entity-action.js';

export const alertAssign = alertAction({
  inputs: z.object({ assigneeId: person, reason: note }),
  act: (services, click, inputs) => services.alerts.assign(click, inputs.assigneeId, inputs.reason),
  open: async (services, actor, view) => assignDialog(view, await services.access.assignees(actor)),
});
