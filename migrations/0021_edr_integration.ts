import type { Knex } from 'knex';
import { createActions } from './edr_integration/actions.js';
import { createEdrAlerts } from './edr_integration/alerts.js';
import { createCompliance } from './edr_integration/compliance.js';
import { createDevices } from './edr_integration/devices.js';
import { createPostureScores } from './edr_integration/posture.js';
import { createVulnerabilities } from './edr_integration/vulnerabilities.js';
import { dropAll } from './support/tables.js';

export async function up(knex: Knex): Promise<void> {
  await createDevices(knex);
  await createEdrAlerts(knex);
  await createVulnerabilities(knex);
  await createCompliance(knex);
  await createActions(knex);
  await createPostureScores(knex);
}

export async function down(knex: Knex): Promise<void> {
  await dropAll(knex, [
    'edr_posture_scores',
    'edr_actions',
    'edr_compliance',
    'edr_device_vulnerabilities',
    'edr_vulnerabilities',
    'edr_alerts',
    'edr_devices',
  ]);
}
