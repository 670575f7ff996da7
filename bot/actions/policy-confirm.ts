import { nothing } from './data.js';
import { policyAct } from './entity-action.js';

export const policyConfirm = policyAct({
  inputs: nothing,
  act: (services, click) => services.policy.confirm(click),
});
