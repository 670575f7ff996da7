import type { Database } from '../../database/transaction.js';
import type { CredentialEnd } from './credential-ends.js';
import { readDaysUntilFirst } from './credential-ends.js';
import { readHealth } from './health-queries.js';

export interface Probed {
  readonly ok: boolean;
  readonly details: Readonly<Record<string, unknown>>;
}

/**
 * Well as long as it answers, so that nobody restarts it because the database is away; the words say what is not well.
 * `credentialEndsInDays`: until the first of the credentials ends, negative when it has.
 */
export function healthProbe(
  db: Database,
  credentialEnds: () => readonly CredentialEnd[] = () => [],
): () => Promise<Probed> {
  const read = async () => {
    const [health, credentialEndsInDays] = await Promise.all([
      readHealth(db),
      readDaysUntilFirst(db, credentialEnds()),
    ]);
    return { database: 'up', ...health, credentialEndsInDays };
  };
  return async () => {
    try {
      return { ok: true, details: await inTime(read()) };
    } catch {
      return { ok: true, details: { database: 'unreachable' } };
    }
  };
}

/** Work may be sent here while the database answers. Rejects otherwise. */
export function readinessProbe(db: Database): () => Promise<Probed> {
  return async () => {
    await db.app.raw('select 1');
    return { ok: true, details: {} };
  };
}

/** A database that hangs is as good as away, and a probe must answer before its asker gives up. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the database did not answer in time')), 2_000);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
