import fc from 'fast-check';
import type { AlertView } from '../../domain/alerts/alert-view.js';
import { alertStatuses, classifications, severities, sourceSystems } from '../../domain/alerts/alert.js';
import type { AlertMetadata } from '../../domain/alerts/alert.js';
import type { IncidentView } from '../../domain/incidents/incident.js';
import { incidentStatuses } from '../../domain/incidents/incident.js';
import { clockNames, clockState } from '../../domain/sla/clock.js';
import { hostileText } from './hostile.js';
import { alertRow, entraTenantId, incidentView } from './views.js';

const anyDate = fc.date({ noInvalidDate: false });
const perhaps = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const text = perhaps(hostileText);
const person = fc.record({ userId: fc.uuid(), displayName: hostileText, aadObjectId: perhaps(fc.uuid()) });
const history = fc.array(fc.record({ at: anyDate, by: hostileText, action: hostileText, reason: text }), {
  maxLength: 9,
});

/** Metadata is JSON of a sender: any shape at all. */
const metadata = fc.oneof(
  fc.record({
    alertWebUrl: text,
    incidentWebUrl: text,
    category: text,
    serviceSource: text,
    mitreTechniques: fc.array(hostileText, { maxLength: 12 }),
    recommendedActions: text,
    evidence: fc.array(hostileText, { maxLength: 20 }),
  }),
  fc.dictionary(fc.constantFrom('alertWebUrl', 'evidence', 'mitreTechniques', 'category'), fc.anything()),
) as fc.Arbitrary<AlertMetadata>;

export const anyAlertView: fc.Arbitrary<AlertView> = fc.record({
  alert: fc
    .record({
      number: fc.nat(),
      sourceId: hostileText,
      alertType: hostileText,
      title: hostileText,
      description: text,
      threatName: text,
      affectedDevice: text,
      affectedUser: text,
      closingNotes: text,
      defenderAlertId: text,
      metadata,
      severity: fc.constantFrom(...severities),
      status: fc.constantFrom(...alertStatuses),
      classification: fc.constantFrom(...classifications),
      sourceSystem: fc.constantFrom(...sourceSystems),
      seenCount: fc.nat(),
      firstSeenAt: anyDate,
      lastSeenAt: anyDate,
      createdAt: anyDate,
      detectedAt: perhaps(anyDate),
      closedAt: perhaps(anyDate),
      sourceResolvedAt: perhaps(anyDate),
      takeBy: perhaps(anyDate),
      triageBy: perhaps(anyDate),
    })
    .map((changes) => alertRow(changes)),
  tenantName: hostileText,
  entraTenantId: perhaps(fc.constant(entraTenantId)),
  assignee: perhaps(person),
  closedBy: perhaps(person),
  device: perhaps(
    fc.record({
      id: fc.uuid(),
      name: text,
      riskScore: perhaps(fc.integer({ min: 0, max: 100 })),
      health: text,
      isolation: text,
      compliance: text,
      onboarding: text,
      openActions: fc.constant([]),
    }),
  ),
  incident: perhaps(fc.record({ id: fc.uuid(), number: fc.nat(), status: fc.constantFrom(...incidentStatuses) })),
  recurrenceOfNumber: perhaps(fc.nat()),
  history,
  now: anyDate,
});

const linkedAlert = fc.record({
  id: fc.uuid(),
  number: fc.nat(),
  title: hostileText,
  severity: fc.constantFrom(...severities),
  status: fc.constantFrom(...alertStatuses),
  classification: fc.constantFrom(...classifications),
  seenCount: fc.nat(),
  isPrimary: fc.boolean(),
});

export const anyIncidentView: fc.Arbitrary<IncidentView> = fc
  .record({
    title: hostileText,
    description: text,
    resolutionSummary: text,
    dismissalJustification: text,
    severity: fc.constantFrom(...severities),
    status: fc.constantFrom(...incidentStatuses),
    cycle: fc.integer({ min: 1, max: 9 }),
    createdAt: anyDate,
    resolvedAt: perhaps(anyDate),
    owner: person,
    tenantName: hostileText,
    alerts: fc.array(linkedAlert, { maxLength: 30 }),
    deadline: anyDate,
    stamp: perhaps(anyDate),
    now: anyDate,
    history,
  })
  .map(({ owner, tenantName, alerts, deadline, stamp, now, history: lines, ...incident }) => {
    const clocks = clockNames.map((name) => ({ name, deadline, stamp, state: clockState(deadline, stamp, now) }));
    return incidentView(incident, { owner, tenantName, alerts, clocks, now, history: lines });
  });
