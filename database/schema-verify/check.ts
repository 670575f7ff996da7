import type { Client } from 'pg';

/** One thing that must hold. `run` returns what is wrong, or null. */
export interface Check {
  readonly name: string;
  run(db: Client): Promise<string | null>;
}

export interface Result {
  readonly verdict: 'PASS' | 'FAIL' | 'SKIP';
  readonly name: string;
  /** What is wrong, or why it was skipped. */
  readonly detail: string | null;
}

/** A check of facts that were read before. */
export function fact(name: string, fault: () => string | null): Check {
  return { name, run: () => Promise.resolve(fault()) };
}

/** Runs the checks in order; an error inside one fails that one only, and what it wrote is undone. */
export async function runChecks(db: Client, checks: readonly Check[]): Promise<Result[]> {
  const results: Result[] = [];
  for (const check of checks) results.push(await runCheck(db, check));
  return results;
}

async function runCheck(db: Client, check: Check): Promise<Result> {
  const fault = await undone(db, () => check.run(db)).catch(reasonOf);
  return { verdict: fault === null ? 'PASS' : 'FAIL', name: check.name, detail: fault };
}

/** Runs `work` in a savepoint and goes back to it, roles and settings included. */
export async function undone<T>(db: Client, work: () => Promise<T>): Promise<T> {
  await db.query('savepoint undone');
  try {
    return await work();
  } finally {
    await db.query('rollback to savepoint undone');
    await db.query('release savepoint undone');
  }
}

/** SQLSTATE with which the statement fails, or null when it succeeds; undone either way. */
export async function sqlStateOf(db: Client, sql: string, values: readonly unknown[] = []): Promise<string | null> {
  try {
    await undone(db, () => db.query(sql, [...values]));
    return null;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : reasonOf(error);
  }
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
