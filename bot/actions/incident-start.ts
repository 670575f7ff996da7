import { nothing } from './data.js';
import { incidentAction } from './entity-action.js';

export const incidentStart = incidentAction({
  inputs: nothing,
  act: (services, click) => services.incidents.start(click),
});
