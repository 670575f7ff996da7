import type { Person } from '../../domain/access/actor.js';
import type { AlertView } from '../../domain/alerts/alert-view.js';
import type { Alert } from '../../domain/alerts/alert.js';
import type { Incident, IncidentView } from '../../domain/incidents/incident.js';

export const entraTenantId = 'a59fc703-72db-43e0-8a21-0494303b7220';
export const bo: Person = { userId: '00000000-0000-4000-8000-0000000000b0', displayName: 'Bo Berg', aadObjectId: null };
export const ann: Person = { userId: '00000000-0000-4000-8000-0000000000a0', displayName: 'Ann Ek', aadObjectId: null };

export function at(clock: string): Date {
  return new Date(`2026-03-02T${clock}Z`);
}

/** An open alert that nobody has taken; a test names only what matters to it. */
export function alertRow(changes: Partial<Alert> = {}): Alert {
  return {
    tenantId: '00000000-0000-4000-8000-00000000000c',
    id: '00000000-0000-4000-8000-000000001042',
    number: 1042,
    sourceSystem: 'edr',
    sourceId: 'da637551227677560813_-961444813',
    alertType: 'WindowsDefenderAtp',
    classification: 'malware',
    severity: 'high',
    title: 'Emotet malware was prevented',
    description: 'Malware was found in a document that arrived by mail.',
    metadata: {
      alertWebUrl: `https://security.microsoft.com/alerts/da637551227677560813_-961444813?tid=${entraTenantId}`,
      category: 'Malware',
      serviceSource: 'microsoftDefenderForEndpoint',
      mitreTechniques: ['T1047', 'T1059.001'],
      recommendedActions: '1. Isolate the device. 2. Reset the password.',
      evidence: ['File invoice.docm (sha256 5994..)', 'Process winword.exe, pid 4120'],
    },
    seenCount: 6,
    firstSeenAt: at('09:00:00.123'),
    lastSeenAt: at('09:40:00'),
    defenderIncidentId: '28282',
    defenderAlertId: 'da637551227677560813_-961444813',
    defenderSeverity: 'high',
    threatName: 'Trojan:Win32/Emotet.A',
    affectedDevice: 'desk-01.contoso.com',
    affectedUser: 'contoso\\svc_backup',
    status: 'open',
    assignedTo: null,
    assignedAt: null,
    detectedAt: at('08:58:00'),
    deviceId: '00000000-0000-4000-8000-00000000d001',
    investigationStartedAt: null,
    escalatedAt: null,
    closedAt: null,
    closedBy: null,
    closingNotes: null,
    recurrenceOf: null,
    sourceResolvedAt: null,
    takeBy: at('09:30:00'),
    triageBy: at('11:00:00'),
    createdAt: at('09:00:00.123'),
    updatedAt: at('09:40:00'),
    version: 1,
    ...changes,
  };
}

export function alertView(alert: Partial<Alert> = {}, changes: Partial<AlertView> = {}): AlertView {
  return {
    alert: alertRow(alert),
    tenantName: 'Contoso',
    entraTenantId,
    assignee: alert.status && alert.status !== 'open' ? bo : null,
    closedBy: alert.closedAt ? bo : null,
    device: {
      id: '00000000-0000-4000-8000-00000000d001',
      name: 'desk-01.contoso.com',
      riskScore: 90,
      health: 'active',
      isolation: null,
      compliance: 'noncompliant',
      onboarding: 'Onboarded',
      openActions: [],
    },
    incident: null,
    recurrenceOfNumber: null,
    history: [{ at: at('09:40:00'), by: 'Bo Berg', action: 'alert.release', reason: 'Shift ends' }],
    now: at('09:42:00'),
    ...changes,
  };
}

export function incidentView(incident: Partial<Incident> = {}, changes: Partial<IncidentView> = {}): IncidentView {
  return {
    incident: incidentRow(incident),
    tenantName: 'Contoso',
    entraTenantId,
    owner: bo,
    alerts: [
      {
        id: '00000000-0000-4000-8000-000000001042',
        number: 1042,
        title: 'Emotet malware was prevented',
        severity: 'high',
        status: 'escalated',
        classification: 'malware',
        seenCount: 6,
        isPrimary: true,
      },
    ],
    devices: [],
    clocks: [
      { name: 'acknowledge', deadline: at('10:30:00'), stamp: at('10:10:00'), state: 'met' },
      { name: 'investigate', deadline: at('10:12:00'), stamp: null, state: 'breached' },
      { name: 'resolve', deadline: at('18:00:00'), stamp: null, state: 'running' },
    ],
    history: [{ at: at('10:10:00'), by: 'Bo Berg', action: 'incident.start', reason: null }],
    now: at('10:15:00'),
    ...changes,
  };
}

function incidentRow(changes: Partial<Incident>): Incident {
  return {
    tenantId: '00000000-0000-4000-8000-00000000000c',
    id: '00000000-0000-4000-8000-000000000042',
    number: 42,
    ownerId: bo.userId,
    title: 'Emotet malware was prevented',
    description: 'Malware was found in a document that arrived by mail.',
    severity: 'critical',
    status: 'open',
    resolutionSummary: null,
    dismissalJustification: null,
    slaAcknowledgeBy: at('10:30:00'),
    slaInvestigateBy: at('12:00:00'),
    slaResolveBy: at('18:00:00'),
    acknowledgedAt: null,
    investigationStartedAt: null,
    resolvedAt: null,
    createdAt: at('10:00:00'),
    updatedAt: at('10:00:00'),
    cycle: 1,
    version: 1,
    ...changes,
  };
}
