import { nothing } from './data.js';
import { deviceActionAct } from './entity-action.js';

export const actionApprove = deviceActionAct({
  inputs: nothing,
  act: (services, click) => services.actions.approve(click),
});
