import type { Client } from 'pg';
import { directory } from './directory.js';
import { edr } from './edr.js';
import { records } from './records.js';
import { insertRow, newSampleIds } from './sample.js';
import type { Sample, SampleIds } from './sample.js';
import { teams } from './teams.js';
import { work } from './work.js';

/** In the order in which references allow; tenant_counters gets its rows from the numbers of alerts and incidents. */
export const samples: readonly Sample[] = [...directory, ...edr, ...work, ...teams, ...records];

/** Inserts one row of everything for a new tenant and checks deferred rules. */
export async function insertSamples(db: Client): Promise<SampleIds> {
  const ids = newSampleIds();
  for (const sample of samples) await insertRow(db, sample.table, sample.row(ids));
  await db.query('set constraints all immediate');
  await db.query('set constraints all deferred');
  return ids;
}
