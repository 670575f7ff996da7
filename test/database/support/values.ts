import { withClient } from '../../../database/administrator.js';

/** The column `value` of a query's rows, as text; rows beyond the first statement are not read. */
export function valuesOf(url: string, sql: string): Promise<string[]> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ value: unknown }>(sql);
    return rows.map((row) => String(row.value));
  });
}

/** Runs statements that return nothing. */
export async function execute(url: string, sql: string): Promise<void> {
  await withClient(url, (client) => client.query(sql));
}
