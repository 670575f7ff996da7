import type { Knex } from 'knex';
import { createSecurityAlerts } from './alerts_incidents/alerts.js';
import { createCounters } from './alerts_incidents/counters.js';
import { createEnums, dropEnums } from './alerts_incidents/enums.js';
import { createSecurityIncidents } from './alerts_incidents/incidents.js';
import { createIncidentLinks } from './alerts_incidents/links.js';
import { createPlaybooks } from './alerts_incidents/playbooks.js';
import { dropAll } from './support/tables.js';

export async function up(knex: Knex): Promise<void> {
  await createEnums(knex);
  await createCounters(knex);
  await createSecurityAlerts(knex);
  await createSecurityIncidents(knex);
  await createIncidentLinks(knex);
  await createPlaybooks(knex);
  await nameCauseOfActions(knex);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table edr_actions drop column alert_id, drop column incident_id');
  await dropAll(knex, [
    'playbook_classification_links',
    'investigation_playbooks',
    'incident_alert_links',
    'security_incidents',
    'security_alerts',
    'tenant_counters',
  ]);
  await dropFunctions(knex);
  await dropEnums(knex);
}

/** Which alert or incident an action on a device serves. */
async function nameCauseOfActions(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table edr_actions add column alert_id uuid, add column incident_id uuid,
      add foreign key (tenant_id, alert_id) references security_alerts (tenant_id, id) on delete set null (alert_id),
      add foreign key (tenant_id, incident_id) references security_incidents (tenant_id, id) on delete set null (incident_id);
    create index edr_actions_alert_idx on edr_actions (tenant_id, alert_id) where alert_id is not null;
    create index edr_actions_incident_idx on edr_actions (tenant_id, incident_id) where incident_id is not null;
    comment on column edr_actions.alert_id is 'The alert that the action serves; null when none or deleted';
    comment on column edr_actions.incident_id is 'The incident that the action serves; null when none'`);
}

async function dropFunctions(knex: Knex): Promise<void> {
  await knex.raw(`
    drop function app.lead_playbook_links(), app.follow_playbook(), app.check_new_incident(), app.check_incident_links(),
      app.require_primary_alert(uuid, uuid), app.number_row(), app.draw_numbers(uuid, text, int)`);
}
