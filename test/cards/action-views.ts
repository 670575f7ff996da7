import type { DeviceAction, ActionView, OpenAction } from '../../domain/actions/action.js';
import type { PolicyChange, PolicyChangeView } from '../../domain/actions/policy.js';
import type { DeviceFacts } from '../../domain/alerts/alert-view.js';
import type { Device, DeviceView } from '../../domain/devices/device.js';
import type { PostureView } from '../../domain/posture/posture.js';
import type { ActionForm, ActionFormDevice } from '../../domain/services.js';
import { ann, at, bo, entraTenantId } from './views.js';

export const tenantId = '00000000-0000-4000-8000-00000000000c';
export const deviceId = '00000000-0000-4000-8000-00000000d001';

/** An isolation that Ann asked for and Bo is asked to approve; a test names only what matters to it. */
export function actionView(action: Partial<DeviceAction> = {}, changes: Partial<ActionView> = {}): ActionView {
  return {
    action: actionRow(action),
    tenantName: 'Contoso',
    entraTenantId,
    device: {
      id: deviceId,
      microsoftDeviceId: '1e5bc9d7e413ddd7902c2932e418702b84d0cc07',
      name: 'con-lap-0117',
      operatingSystem: 'Windows 11',
      health: 'Active',
      isolation: null,
      deviceValue: 'Normal',
    },
    alert: { id: '00000000-0000-4000-8000-000000001042', number: 1042 },
    incident: null,
    requester: ann,
    approver: action.approvedBy ? bo : null,
    reviewer: action.reviewedBy ? bo : null,
    endedBy: action.endedBy ? bo : null,
    asked: [
      { ...bo, reached: 'personal' },
      { userId: 'u3', displayName: 'Maya Chen', aadObjectId: null, reached: 'mention' },
    ],
    history: [{ at: at('10:00:00'), by: 'Ann Ek', action: 'device.isolate', reason: 'Emotet was run' }],
    now: at('10:02:00'),
    ...changes,
  };
}

export function actionRow(changes: Partial<DeviceAction> = {}): DeviceAction {
  return {
    tenantId,
    id: '00000000-0000-4000-8000-0000000000a7',
    number: 7,
    kind: 'isolate',
    status: 'requested',
    deviceId,
    alertId: '00000000-0000-4000-8000-000000001042',
    incidentId: null,
    parameter: 'Full',
    requestedBy: ann.userId,
    reason: 'Emotet was run',
    requestedAt: at('10:00:00'),
    needsApproval: true,
    approveBy: at('10:30:00'),
    approvedBy: null,
    approvedAt: null,
    isDryRun: false,
    isBreakGlass: false,
    reviewedBy: null,
    reviewedAt: null,
    endedBy: null,
    endReason: null,
    sentAt: null,
    isAttached: false,
    microsoftActionId: null,
    microsoftStatus: null,
    queueExpiresAt: new Date('2026-03-03T10:00:00Z'),
    cancelRequestedBy: null,
    cancelRequestedAt: null,
    cancelSentAt: null,
    resultMessage: null,
    completedAt: null,
    lateOutcome: null,
    polls: 0,
    nextStepAt: null,
    version: 3,
    ...changes,
  };
}

export function deviceView(device: Partial<Device> = {}, changes: Partial<DeviceView> = {}): DeviceView {
  return {
    device: deviceRow(device),
    tenantName: 'Contoso',
    entraTenantId,
    isSensitive: false,
    openAlertCount: 2,
    severeVulnerabilityCount: 3,
    vulnerabilityCount: 12,
    failedRules: ['BitLocker', 'Firewall'],
    openActions: [],
    lookalikes: [],
    history: [],
    now: at('10:02:00'),
    ...changes,
  };
}

function deviceRow(changes: Partial<Device>): Device {
  return {
    tenantId,
    id: deviceId,
    microsoftDeviceId: '1e5bc9d7e413ddd7902c2932e418702b84d0cc07',
    aadDeviceId: '80fe8ff8-2624-418e-9591-41f0491218f9',
    intuneDeviceId: null,
    name: 'con-lap-0117',
    serialNumber: '5CD1234XYZ',
    operatingSystem: 'Windows 11',
    osVersion: '23H2',
    primaryUser: 'contoso\\maya',
    health: 'Active',
    riskScore: 90,
    exposure: 'Medium',
    compliance: 'noncompliant',
    onboarding: 'Onboarded',
    deviceValue: 'Normal',
    tags: ['Finance'],
    isolation: null,
    lastSeenAt: at('09:50:00'),
    supersededBy: null,
    goneAt: null,
    isStub: false,
    version: 2,
    ...changes,
  };
}

export function openAction(changes: Partial<OpenAction> = {}): OpenAction {
  const { id, number, requestedBy } = actionRow();
  return { id, number, kind: 'isolate', status: 'requested', isDryRun: false, requestedBy, ...changes };
}

export function deviceFacts(changes: Partial<DeviceFacts> = {}): DeviceFacts {
  const { id, name, riskScore, health, isolation, compliance, onboarding } = deviceRow({});
  return { id, name, riskScore, health, isolation, compliance, onboarding, openActions: [], ...changes };
}

export function policyView(
  change: Partial<PolicyChange> = {},
  changes: Partial<PolicyChangeView> = {},
): PolicyChangeView {
  return {
    change: {
      tenantId,
      id: '00000000-0000-4000-8000-0000000000f1',
      status: 'proposed',
      change: { dryRun: false },
      reason: 'The pilot is over',
      proposedBy: ann.userId,
      proposedAt: at('10:00:00'),
      decidedBy: null,
      decidedAt: null,
      expiresAt: new Date('2026-03-03T10:00:00Z'),
      version: 1,
      ...change,
    },
    tenantName: 'Contoso',
    proposer: ann,
    decider: change.decidedBy ? bo : null,
    asked: [{ ...bo, reached: 'personal' }],
    lines: ['Dry run: on → off'],
    now: at('10:02:00'),
    ...changes,
  };
}

export function postureView(changes: Partial<PostureView> = {}): PostureView {
  return {
    tenantName: 'Contoso',
    posture: {
      score: 72,
      band: 'fair',
      factors: { deviceRisk: 70, alerts: 63.8, vulnerabilities: 77.9, compliance: 80 },
      inputs: {
        deviceCount: 10,
        meanRisk: 30,
        highRiskDeviceCount: 2,
        activeAlerts: { critical: 0, high: 2, medium: 3, low: 5 },
        severeVulnerabilityCount: 5,
        compliance: { known: 10, compliant: 8 },
      },
    },
    previous: { score: 69, at: new Date('2026-03-01T10:00:00Z') },
    weekAgo: { score: 77, at: new Date('2026-02-23T10:00:00Z') },
    monthAgo: null,
    trend: [],
    contributors: {
      devices: [{ id: deviceId, name: 'con-lap-0117', riskScore: 90 }],
      vulnerabilities: [{ cveId: 'CVE-2024-3094', cvss: 10, deviceCount: 3 }],
      rules: [{ rule: 'BitLocker', deviceCount: 2 }],
    },
    now: at('10:02:00'),
    ...changes,
  };
}

export function formDevice(changes: Partial<ActionFormDevice> = {}): ActionFormDevice {
  return {
    id: deviceId,
    name: 'con-lap-0117',
    isSensitive: false,
    needsApproval: true,
    actsAlone: false,
    approvers: ['Maya Chen', 'Alex Rivera'],
    fault: null,
    actionCount: 4,
    ...changes,
  };
}

export function actionForm(devices: readonly ActionFormDevice[] = [formDevice()], isDryRun = false): ActionForm {
  return { devices, isDryRun };
}
