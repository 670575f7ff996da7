import { pino } from 'pino';
import type { SyncCursorsRow, SyncRunsRow } from '../../../database/rows.js';
import { alertSync } from '../../../jobs/sync/alerts.js';
import type { SyncContext, SyncSeconds } from '../../../jobs/sync/context.js';
import { runSync } from '../../../jobs/sync/run.js';
import type { TestDatabase } from '../../helpers/database.js';
import { insertChannel } from '../delivery/channel.js';
import { createScriptedSource } from './scripted-source.js';

/** The defaults of an installation. */
export const syncSeconds: SyncSeconds = {
  alerts: 120,
  devices: 900,
  compliance: 3_600,
  vulnerabilities: 21_600,
  vulnerabilitiesFull: 86_400,
};

/** A connected tenant with a linked channel, and what its syncs leave in the database. */
export async function syncWorld(base: TestDatabase, { takeEverything = false } = {}) {
  const { tenantId } = await insertChannel(base.admin);
  const source = createScriptedSource();
  const log = pino({ level: 'silent' });
  const context: SyncContext = { db: base.db, log, syncSeconds };
  const sync = alertSync(source, takeEverything);
  const rows = <Row extends object>(table: string) => base.admin<Row>(table).whereRaw('tenant_id = ?', [tenantId]);
  return {
    tenantId,
    source,
    sync: (signal = new AbortController().signal) => runSync(context, sync, tenantId, signal),
    cursor: async (): Promise<SyncCursorsRow> => {
      const cursor: unknown = await rows('sync_cursors').first();
      return cursor as SyncCursorsRow;
    },
    runs: () => rows<SyncRunsRow>('sync_runs').orderBy('started_at').select('*'),
    alertCount: async () => (await rows('security_alerts').select()).length,
    mirrorCount: async () => (await rows('edr_alerts').select()).length,
    actions: () => rows('audit_log').orderBy('id').pluck('action') as Promise<string[]>,
    notices: async () => {
      const found = await rows<{ payload: { text: string } }>('outbox')
        .where('kind', 'notice')
        .orderBy('id')
        .select('payload');
      return found.map(({ payload }) => payload.text);
    },
  };
}
