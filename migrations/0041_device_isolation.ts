import type { Knex } from 'knex';
import { describe } from './support/tables.js';

/** Isolations and releases that were made elsewhere, such as in the Defender portal, are read with the devices. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('alter table edr_devices add column isolation_known_at timestamptz');
  await describe(knex, 'edr_devices', 'Devices as Defender and Intune know them', {
    isolation_known_at: 'When isolation_state became so, by the clock of Microsoft; what is older changes nothing',
  });
  await comment(
    knex,
    "Microsoft's text of the newest change read completely, of isolations for devices; null before that, and for sources walked whole",
  );
}

async function comment(knex: Knex, text: string): Promise<void> {
  await knex.raw(`comment on column sync_cursors.watermark is '${text.replaceAll("'", "''")}'`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    update sync_cursors set watermark = null, watermark_at = null where source = 'devices';
    alter table edr_devices drop column isolation_known_at`);
  await comment(
    knex,
    "Microsoft's text of the newest change read completely; null before the first complete sync, and for sources that are always walked whole",
  );
}
