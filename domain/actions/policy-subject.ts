import type { Subject } from '../change.js';
import type { PolicyChange, PolicyChangeView, PolicyVerb } from './policy.js';
import { policySentences, policyStateWords } from './policy-sentences.js';
import { lockPolicyChange, readPolicyChangeView, savePolicyChange } from './policy-store.js';

export const policySubject: Subject<PolicyChange, PolicyChangeView, PolicyVerb> = {
  type: 'policy_change',
  capabilities: { 'policy.confirm': 'administer', 'policy.reject': 'administer' },
  lock: lockPolicyChange,
  stateFault: (_verb, { status }) => (status === 'proposed' ? null : policySentences.decided(policyStateWords[status])),
  isSettled: () => false,
  ownerOf: () => null,
  notOwner: () => Promise.reject(new Error('no grant on changes of the policy is for own ones only')),
  save: savePolicyChange,
  view: readPolicyChangeView,
};
