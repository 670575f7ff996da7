import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { inTenant } from '../../database/transaction.js';
import type { Database } from '../../database/transaction.js';
import type { Actor, Role } from '../../domain/access/actor.js';
import type { SourceAlert, SourceDevice } from '../../domain/alerts/alert-source.js';
import { ingestEdrAlerts } from '../../domain/alerts/ingest/ingest-edr.js';
import type { IngestPolicy } from '../../domain/alerts/ingest/ingest-edr.js';
import type { IngestResult } from '../../domain/alerts/ingest/result.js';
import type { Click } from '../../domain/services.js';
import { insertMember } from './people.js';

const base = Date.parse('2026-03-01T08:00:00Z');

/** Microsoft's text for a moment some seconds after a fixed one. */
export function updateTime(seconds: number): string {
  return new Date(base + seconds * 1000).toISOString().replace(/\.\d+Z$/, '.1234567Z');
}

/** An alert as a source reports it; give what matters to the test. */
export function sourceAlert(given: Partial<SourceAlert> = {}): SourceAlert {
  return {
    microsoftAlertId: `da${randomUUID()}`,
    microsoftIncidentId: null,
    lastUpdate: updateTime(0),
    createdAt: null,
    lastActivityAt: null,
    title: 'Suspicious PowerShell command line',
    description: null,
    severity: 'high',
    status: 'new',
    category: 'Execution',
    threatName: null,
    device: null,
    user: null,
    metadata: {},
    ...given,
  };
}

export function sourceDevice(given: Partial<SourceDevice> = {}): SourceDevice {
  return {
    microsoftDeviceId: randomUUID().replaceAll('-', ''),
    aadDeviceId: null,
    name: 'pc-7',
    operatingSystem: 'Windows11',
    osVersion: null,
    risk: null,
    health: null,
    onboarding: null,
    ...given,
  };
}

export function ingest(
  db: Database,
  tenantId: string,
  batch: readonly SourceAlert[],
  policy: Partial<IngestPolicy> = {},
): Promise<IngestResult> {
  return inTenant(db, tenantId, (trx) =>
    ingestEdrAlerts(trx, batch, { firstSync: false, takeEverything: false, ...policy }),
  );
}

/** An open alert; resolves to its id. */
export async function openAlert(db: Database, tenantId: string, given: Partial<SourceAlert> = {}): Promise<string> {
  const { ids } = await ingest(db, tenantId, [sourceAlert(given)]);
  const [id] = ids;
  if (!id) throw new Error('no alert was made');
  return id;
}

/** A member of the tenant with that role, as an actor. */
export async function actorIn(admin: Knex, tenantId: string, role: Role, displayName = 'Ann'): Promise<Actor> {
  const member = await insertMember(admin, tenantId, { role, displayName });
  return { ...member, tenantId, role, displayName };
}

/** A click that was never made before, unless the key says so. */
export function click(actor: Actor, entityId: string, idempotencyKey: string = randomUUID()): Click {
  return { actor, entityId, version: null, idempotencyKey, activityId: null };
}

/** A channel that receives the alerts of the tenant. */
export async function linkedChannel(
  admin: Knex,
  tenantId: string,
  userId: string,
  purpose: 'alerts' | 'escalations' = 'alerts',
): Promise<string> {
  const conversationId = await conversation(admin, { tenantId });
  await admin('channel_links').insert({
    tenant_id: tenantId,
    conversation_id: conversationId,
    purpose,
    linked_by: userId,
  });
  return conversationId;
}

export async function conversation(
  admin: Knex,
  given: { tenantId?: string; kind?: string; entraTenantId?: string; aadObjectId?: string } = {},
): Promise<string> {
  const conversationId = `19:${randomUUID()}@thread.tacv2`;
  await admin('conversations').insert({
    conversation_id: conversationId,
    kind: given.kind ?? 'channel',
    service_url: 'https://smba.example.com/',
    entra_tenant_id: given.entraTenantId ?? randomUUID(),
    bot_id: '28:bot',
    tenant_id: given.tenantId ?? null,
    aad_object_id: given.aadObjectId ?? null,
  });
  return conversationId;
}

/** Moves the installation's clock forward, as the sandbox may. */
export async function moveClock(admin: Knex, interval: string): Promise<void> {
  await admin.raw('update app.clock set "offset" = "offset" + ?::interval', [interval]);
}
