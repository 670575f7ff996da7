import { alerts } from './alerts.js';
import { approvals } from './approvals.js';
import { audit } from './audit.js';
import { channels } from './channels.js';
import { delivery } from './delivery.js';
import { devices } from './devices.js';
import { directory } from './directory.js';
import { edr } from './edr.js';
import { incidents } from './incidents.js';
import { playbooks } from './playbooks.js';
import { sync } from './sync.js';
import type { ExpectedTable } from './table.js';

/** Every table that the migrations make; one file per noun. */
export const expectedTables: readonly ExpectedTable[] = [
  ...directory,
  ...devices,
  ...edr,
  ...alerts,
  ...incidents,
  ...playbooks,
  ...channels,
  ...delivery,
  ...audit,
  ...sync,
  ...approvals,
];
