import { rejectPolicyDialog } from '../../cards/dialog-action.js';
import { nothing } from './data.js';
import { policyAct } from './entity-action.js';

export const policyReject = policyAct({
  inputs: nothing,
  act: (services, click) => services.policy.reject(click),
  open: (_services, _actor, view) => rejectPolicyDialog(view),
});
