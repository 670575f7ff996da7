import type { Knex } from 'knex';

/**
 * A new function may be executed by everybody, so each SECURITY DEFINER function is closed and then opened to its callers.
 * `signature` as in `app.find_actor(uuid, uuid)`.
 */
export async function onlyFor(knex: Knex, signature: string, callers: readonly string[]): Promise<void> {
  await knex.raw(`revoke all on function ${signature} from public`);
  await knex.raw(`grant execute on function ${signature} to ${callers.join(', ')}`);
}
