import type { Knex } from 'knex';

/** The app is removed from a team and comes back to it as a whole, and only one of its channels is named then. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table conversations add column team_id text;
    comment on column conversations.team_id is 'Teams id of the team of a channel; events about a team concern all its channels';
    create index conversations_team_idx on conversations (team_id) where team_id is not null;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table conversations drop column team_id');
}
