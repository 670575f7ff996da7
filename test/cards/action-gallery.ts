import { drawActionCard } from '../../cards/action-card.js';
import { drawAlertCard } from '../../cards/alert-card.js';
import { drawApprovals } from '../../cards/approvals-card.js';
import type { CardContent } from '../../cards/card.js';
import { drawDeviceCard } from '../../cards/device-card.js';
import { drawDeviceChoice } from '../../cards/device-choice.js';
import {
  cancelDialog,
  deviceDialog,
  rejectDialog,
  rejectPolicyDialog,
  reviewDialog,
} from '../../cards/dialog-action.js';
import { requestDialog } from '../../cards/dialog-request.js';
import { drawIncidentCard } from '../../cards/incident-card.js';
import { entityData } from '../../cards/layout.js';
import { drawPolicyChangeCard } from '../../cards/policy-card.js';
import { drawPolicyCard } from '../../cards/policy-rules-card.js';
import { drawPostureCard } from '../../cards/posture-card.js';
import { actionStatuses } from '../../domain/actions/action.js';
import type { ActionStatus, DeviceAction } from '../../domain/actions/action.js';
import {
  actionForm,
  actionView,
  deviceFacts,
  deviceView,
  formDevice,
  openAction,
  policyView,
  postureView,
  tenantId,
} from './action-views.js';
import { syncGallery } from './sync-views.js';
import { alertView, ann, at, bo, incidentView } from './views.js';

const approved = { approvedBy: bo.userId, approvedAt: at('10:03:00') };
const sent = { ...approved, sentAt: at('10:03:01') };
const accepted = { ...sent, microsoftActionId: '2e9da30d-27f6-4208-81f2-9cd3d67893ba', microsoftStatus: 'Pending' };
const ended = { ...accepted, completedAt: at('10:05:00') };

const states: Record<ActionStatus, Partial<DeviceAction>> = {
  requested: {},
  approved,
  pending: accepted,
  in_progress: { ...accepted, microsoftStatus: 'InProgress' },
  unknown: { ...sent, resultMessage: 'api.security.microsoft.com gave no answer in 30000 ms.' },
  completed: { ...ended, microsoftStatus: 'Succeeded', resultMessage: 'Microsoft says that it succeeded.' },
  failed: {
    ...ended,
    resultMessage: 'Microsoft says that it failed. The action center of the Defender portal may say why.',
  },
  timed_out: { ...ended, resultMessage: 'Its outcome never became known.', lateOutcome: 'Succeeded' },
  cancelled: { completedAt: at('10:05:00'), endedBy: bo.userId, endReason: 'The user was found.' },
  rejected: { completedAt: at('10:05:00'), endedBy: bo.userId, endReason: 'It is the machine of a drill.' },
  expired: { completedAt: at('10:30:00'), resultMessage: 'Nobody approved it within 30 min.' },
};

/** Everything about devices and what is done to them, from fixed views. */
export function actionGallery(): Record<string, CardContent> {
  const each = actionStatuses.map((status) => {
    const card = drawActionCard(actionView({ status, ...states[status] }));
    return [`action-${status.replaceAll('_', '-')}`, card.content] as const;
  });
  return {
    ...Object.fromEntries(each),
    ...specialActions(),
    ...devices(),
    ...rules(),
    ...requests(),
    ...held(),
    ...syncGallery(),
  };
}

function specialActions(): Record<string, CardContent> {
  const dry = { isDryRun: true, status: 'completed', ...approved, completedAt: at('10:05:00') } as const;
  const alone = { isBreakGlass: true, status: 'in_progress', ...accepted, approvedBy: null } as const;
  const cancelling = { cancelRequestedBy: ann.userId, cancelRequestedAt: at('10:04:00'), cancelSentAt: at('10:04:01') };
  return {
    'action-dry-run': drawActionCard(actionView(dry)).content,
    'action-break-glass': drawActionCard(actionView(alone)).content,
    'action-break-glass-reviewed': drawActionCard(
      actionView({ ...alone, reviewedBy: bo.userId, reviewedAt: at('10:09:00') }),
    ).content,
    'action-cancelling': drawActionCard(actionView({ status: 'pending', ...accepted, ...cancelling })).content,
    'action-attached': drawActionCard(actionView({ status: 'in_progress', ...accepted, isAttached: true })).content,
    'action-scan': drawActionCard(
      actionView({ kind: 'scan', parameter: 'Quick', status: 'approved', needsApproval: false, approveBy: null }),
      { notice: 'Bo approved this 4 s ago.', refreshFor: ['29:bo'] },
    ).content,
    'action-release': drawActionCard(
      actionView({ kind: 'unisolate', parameter: null, status: 'completed', ...ended, needsApproval: false }),
    ).content,
  };
}

function devices(): Record<string, CardContent> {
  const lookalikes = [{ id: 'd2', name: 'CON-LAP-0117', why: 'name' }] as const;
  return {
    device: drawDeviceCard(deviceView()).content,
    'device-isolated': drawDeviceCard(
      deviceView(
        { isolation: 'isolated', deviceValue: 'High' },
        { isSensitive: true, lookalikes, openActions: [openAction({ kind: 'unisolate', status: 'pending' })] },
      ),
    ).content,
    'device-stub': drawDeviceCard(
      deviceView(
        { isStub: true, riskScore: null, health: null, onboarding: null, compliance: null, lastSeenAt: null },
        { failedRules: [], vulnerabilityCount: 0, severeVulnerabilityCount: 0 },
      ),
    ).content,
    'dialog-device': deviceDialog(deviceView()).card,
    'choice-device': drawDeviceChoice(
      'con-lap',
      [
        {
          id: 'd1',
          name: 'con-lap-0117',
          operatingSystem: 'Windows 11',
          primaryUser: 'maya',
          lastSeenAt: at('09:00:00'),
        },
      ],
      { verb: 'device.isolate', tenantId, reason: 'Emotet was run' },
    ).content,
  };
}

function rules(): Record<string, CardContent> {
  const policy = {
    approval: { isolate: true, release: false, scan: false },
    peers: false,
    dryRun: true,
    breakGlass: [bo.userId],
    queueHours: 24,
    writeBack: false,
  };
  const decided = { decidedBy: bo.userId, decidedAt: at('10:05:00') };
  return {
    'policy-proposed': drawPolicyChangeCard(policyView()).content,
    'policy-confirmed': drawPolicyChangeCard(policyView({ status: 'confirmed', ...decided })).content,
    'policy-rejected': drawPolicyChangeCard(policyView({ status: 'rejected', ...decided })).content,
    'policy-expired': drawPolicyChangeCard(policyView({ status: 'expired' })).content,
    'policy-rules': drawPolicyCard(policy, [ann, bo], ['policy dry-run on|off <reason>']).content,
    approvals: drawApprovals([actionView(), actionView({ isBreakGlass: true, status: 'completed' })], [policyView()])
      .content,
    'approvals-none': drawApprovals([], []).content,
    posture: drawPostureCard(postureView()).content,
    'posture-insufficient': drawPostureCard(postureView({ posture: null })).content,
  };
}

function requests(): Record<string, CardContent> {
  const cause = entityData('alert', { tenantId, id: alertView().alert.id, version: 4 });
  const fault = 'This device is not onboarded to Defender for Endpoint, so it cannot be reached.';
  const server = formDevice({ id: 'd2', name: 'con-srv-01', isSensitive: true, actsAlone: true, approvers: [] });
  return {
    'dialog-isolate': requestDialog('isolate', cause, actionForm(undefined, true)).card,
    'dialog-isolate-several': requestDialog('isolate', cause, actionForm([formDevice(), server])).card,
    'dialog-isolate-refused': requestDialog('isolate', cause, actionForm([formDevice({ fault })])).card,
    'dialog-release-device': requestDialog(
      'unisolate',
      cause,
      actionForm([formDevice({ needsApproval: false, approvers: [] })]),
    ).card,
    'dialog-scan': requestDialog('scan', cause, actionForm([formDevice({ needsApproval: false })])).card,
    'dialog-no-device': requestDialog('scan', cause, actionForm([])).card,
    'dialog-reject': rejectDialog(actionView()).card,
    'dialog-cancel': cancelDialog(actionView()).card,
    'dialog-review': reviewDialog(actionView()).card,
    'dialog-reject-policy': rejectPolicyDialog(policyView()).card,
  };
}

/** Alerts and incidents whose devices are isolated or about to be. */
function held(): Record<string, CardContent> {
  const waiting = deviceFacts({ openActions: [openAction()] });
  const isolated = deviceFacts({ id: 'd2', name: 'con-lap-0118', isolation: 'isolated' });
  return {
    'alert-isolation-waits': drawAlertCard(alertView({ status: 'investigating' }, { device: waiting })).content,
    'alert-isolated': drawAlertCard(alertView({ status: 'investigating' }, { device: isolated })).content,
    'alert-closed-isolated': drawAlertCard(
      alertView({ status: 'closed_benign', closedAt: at('09:41:00') }, { device: isolated }),
    ).content,
    'incident-devices': drawIncidentCard(incidentView({ status: 'in_progress' }, { devices: [waiting, isolated] }))
      .content,
  };
}
