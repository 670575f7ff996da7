import fc from 'fast-check';
import { actionKinds, actionStatuses } from '../../domain/actions/action.js';
import type { ActionView, OpenAction } from '../../domain/actions/action.js';
import type { PolicyChangeView } from '../../domain/actions/policy.js';
import type { DeviceView } from '../../domain/devices/device.js';
import { postureBands } from '../../domain/posture/posture.js';
import type { PostureView } from '../../domain/posture/posture.js';
import type { ActionForm } from '../../domain/services.js';
import { actionRow, actionView, deviceView, policyView, postureView } from './action-views.js';
import { hostileText } from './hostile.js';
import { entraTenantId } from './views.js';

const anyDate = fc.date({ noInvalidDate: false });
const perhaps = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const text = perhaps(hostileText);
const person = fc.record({ userId: fc.uuid(), displayName: hostileText, aadObjectId: perhaps(fc.uuid()) });
const asked = fc.array(
  fc
    .tuple(person, perhaps(fc.constantFrom('personal', 'mention', 'nowhere')))
    .map(([one, reached]) => ({ ...one, reached })),
  { maxLength: 30 },
);
const history = fc.array(fc.record({ at: anyDate, by: hostileText, action: hostileText, reason: text }), {
  maxLength: 9,
});
const entra = perhaps(fc.constant(entraTenantId));
const status = fc.constantFrom(...actionStatuses);

const openAction: fc.Arbitrary<OpenAction> = fc.record({
  id: fc.uuid(),
  number: fc.nat(),
  kind: fc.constantFrom('isolate', 'unisolate', 'scan'),
  status,
  isDryRun: fc.boolean(),
  requestedBy: fc.uuid(),
});

const anyAction = fc
  .record({
    kind: fc.constantFrom(...actionKinds),
    status,
    parameter: text,
    reason: hostileText,
    endReason: text,
    microsoftActionId: text,
    microsoftStatus: text,
    resultMessage: text,
    lateOutcome: text,
    needsApproval: fc.boolean(),
    isDryRun: fc.boolean(),
    isBreakGlass: fc.boolean(),
    isAttached: fc.boolean(),
    requestedAt: anyDate,
    approveBy: perhaps(anyDate),
    approvedAt: perhaps(anyDate),
    sentAt: perhaps(anyDate),
    queueExpiresAt: perhaps(anyDate),
    cancelRequestedAt: perhaps(anyDate),
    completedAt: perhaps(anyDate),
    reviewedAt: perhaps(anyDate),
  })
  .map((changes) => actionRow(changes));

export const anyActionView: fc.Arbitrary<ActionView> = fc
  .record({
    action: anyAction,
    tenantName: hostileText,
    entraTenantId: entra,
    device: perhaps(
      fc.record({
        id: fc.uuid(),
        microsoftDeviceId: text,
        name: text,
        operatingSystem: text,
        health: text,
        isolation: text,
        deviceValue: text,
      }),
    ),
    requester: person,
    approver: perhaps(person),
    reviewer: perhaps(person),
    endedBy: perhaps(person),
    asked,
    history,
    now: anyDate,
  })
  .map(({ action, ...changes }) => actionView(action, changes));

export const anyDeviceView: fc.Arbitrary<DeviceView> = fc
  .record({
    device: fc.record({
      name: text,
      microsoftDeviceId: text,
      serialNumber: text,
      operatingSystem: text,
      osVersion: text,
      primaryUser: text,
      health: text,
      riskScore: perhaps(fc.integer({ min: 0, max: 100 })),
      exposure: text,
      compliance: text,
      onboarding: text,
      deviceValue: text,
      isolation: text,
      tags: fc.array(hostileText, { maxLength: 20 }),
      lastSeenAt: perhaps(anyDate),
      goneAt: perhaps(anyDate),
      isStub: fc.boolean(),
    }),
    tenantName: hostileText,
    entraTenantId: entra,
    isSensitive: fc.boolean(),
    openAlertCount: fc.nat(),
    vulnerabilityCount: fc.nat(),
    failedRules: fc.array(hostileText, { maxLength: 12 }),
    openActions: fc.array(openAction, { maxLength: 10 }),
    lookalikes: fc.array(fc.record({ id: fc.uuid(), name: text, why: fc.constantFrom('name', 'serial number') }), {
      maxLength: 8,
    }),
    history,
    now: anyDate,
  })
  .map(({ device, ...changes }) => deviceView(device, changes));

export const anyPolicyView: fc.Arbitrary<PolicyChangeView> = fc
  .record({
    status: fc.constantFrom('proposed', 'confirmed', 'rejected', 'expired'),
    reason: hostileText,
    decidedAt: perhaps(anyDate),
    expiresAt: anyDate,
    tenantName: hostileText,
    proposer: person,
    decider: perhaps(person),
    asked,
    lines: fc.array(hostileText, { maxLength: 12 }),
  })
  .map(({ status: state, reason, decidedAt, expiresAt, ...changes }) =>
    policyView({ status: state, reason, decidedAt, expiresAt }, changes),
  );

export const anyPostureView: fc.Arbitrary<PostureView> = fc
  .record({
    tenantName: hostileText,
    score: fc.integer({ min: 0, max: 100 }),
    band: fc.constantFrom(...postureBands),
    previous: perhaps(fc.record({ score: fc.integer({ min: 0, max: 100 }), at: anyDate })),
    devices: fc.array(fc.record({ id: fc.uuid(), name: text, riskScore: fc.integer({ min: 0, max: 100 }) }), {
      maxLength: 5,
    }),
    vulnerabilities: fc.array(
      fc.record({ cveId: hostileText, cvss: fc.double({ min: 0, max: 10, noNaN: true }), deviceCount: fc.nat() }),
      { maxLength: 5 },
    ),
    rules: fc.array(fc.record({ rule: hostileText, deviceCount: fc.nat() }), { maxLength: 5 }),
    now: anyDate,
  })
  .map(({ tenantName, score, band, previous, now, ...contributors }) => {
    const { posture } = postureView();
    return postureView({ tenantName, previous, now, contributors, posture: posture && { ...posture, score, band } });
  });

export const anyForm: fc.Arbitrary<ActionForm> = fc.record({
  isDryRun: fc.boolean(),
  devices: fc.array(
    fc.record({
      id: fc.uuid(),
      name: text,
      isSensitive: fc.boolean(),
      needsApproval: fc.boolean(),
      actsAlone: fc.boolean(),
      approvers: fc.array(hostileText, { maxLength: 20 }),
      fault: perhaps(hostileText),
      actionCount: fc.nat(),
    }),
    { maxLength: 10 },
  ),
});
