import { z } from 'zod';
import { linkAlertDialog } from '../../cards/dialog-incident.js';
import { chosenAlert } from './data.js';
import { incidentAction } from './entity-action.js';

export const incidentLinkAlert = incidentAction({
  inputs: z.object({ alertId: chosenAlert }),
  act: (services, click, inputs) => services.incidents.linkAlert(click, inputs.alertId),
  open: async (services, actor, view) =>
    linkAlertDialog(view, await services.incidents.linkable(actor, view.incident.id)),
});
