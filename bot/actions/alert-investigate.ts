import { nothing } from './data.js';
import { alertAction } from './entity-action.js';

export const alertInvestigate = alertAction({
  inputs: nothing,
  act: (services, click) => services.alerts.investigate(click),
});
