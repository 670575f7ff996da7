import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';

/** Ids of the sample rows of one tenant. */
export interface SampleIds {
  readonly tenant: string;
  readonly user: string;
  readonly device: string;
  readonly vulnerability: string;
  readonly action: string;
  readonly alert: string;
  readonly incident: string;
  readonly playbook: string;
  readonly conversation: string;
  readonly run: string;
}

/** One row of a table, referring to the other sample rows of its tenant. */
export interface Sample {
  readonly table: string;
  row(ids: SampleIds): Readonly<Record<string, unknown>>;
}

export function newSampleIds(): SampleIds {
  const id = () => randomUUID();
  return {
    tenant: id(),
    user: id(),
    device: id(),
    vulnerability: id(),
    action: id(),
    alert: id(),
    incident: id(),
    playbook: id(),
    conversation: id(),
    run: id(),
  };
}

export async function insertRow(db: Client, table: string, row: Readonly<Record<string, unknown>>): Promise<void> {
  const { sql, values } = insertOf(table, row);
  await db.query(sql, values);
}

export function insertOf(table: string, row: Readonly<Record<string, unknown>>): { sql: string; values: unknown[] } {
  const columns = Object.keys(row);
  const places = columns.map((_, place) => `$${place + 1}`).join(', ');
  return { sql: `insert into ${table} (${columns.join(', ')}) values (${places})`, values: Object.values(row) };
}
