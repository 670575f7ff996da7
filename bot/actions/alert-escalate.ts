import { nothing } from './data.js';
import { alertAction } from './entity-action.js';

export const alertEscalate = alertAction({
  inputs: nothing,
  act: (services, click) => services.alerts.escalate(click),
});
