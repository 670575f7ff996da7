import { pino } from 'pino';
import { openDatabase } from '../../../database/pool.js';
import type { DeviceActions } from '../../../domain/actions/action-gateway.js';
import { runStep } from './world.js';

/** A process of its own that does one step of an action and asks its parent for everything Microsoft says. */
const [defenderUrl = '', tenantId = '', actionId = ''] = process.argv.slice(2);

async function call<T>(method: string, given: unknown = null): Promise<T> {
  const answer = await fetch(`${defenderUrl}/${method}`, { method: 'POST', body: JSON.stringify(given) });
  return (await answer.json()) as T;
}

const deviceActions: DeviceActions = {
  machine: () => call('machine'),
  ofMachine: () => call('ofMachine'),
  read: () => call('read'),
  cancel: () => call('cancel'),
  order: async (_connection, order) => {
    const outcome = await call<Awaited<ReturnType<DeviceActions['order']>>>('order', order);
    await call('answered');
    return outcome;
  },
};

const db = await openDatabase({
  appUrl: process.env['APP_URL'] ?? '',
  systemUrl: process.env['SYSTEM_URL'] ?? '',
  name: 'avian-test-child',
});
const log = pino({ level: 'silent' });
await runStep({ db, deviceActions, alertUpdates: null, forceDryRun: false, log }, tenantId, actionId);
await db.close();
