import { nothing } from './data.js';
import { alertAction } from './entity-action.js';

export const alertTake = alertAction({
  inputs: nothing,
  act: (services, click) => services.alerts.take(click),
});
