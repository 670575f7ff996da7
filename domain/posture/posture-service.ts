import type { Database, Trx } from '../../database/transaction.js';
import { inTenant } from '../../database/transaction.js';
import { authorise } from '../access/authorise.js';
import { auditingRefusals } from '../audit/refusals.js';
import { planForAnyTenant } from '../planning.js';
import { query } from '../query.js';
import type { PostureService } from '../services.js';
import { readContributors } from './contributor-queries.js';
import { postureOf } from './formula.js';
import { readPrevious, readScoreAgo, readTrend } from './history-queries.js';
import { readInputs } from './posture-queries.js';
import type { PostureView } from './posture.js';

export function createPostureService(db: Database): PostureService {
  return {
    read: (actor) => {
      const attempt = { actor, action: 'read', entityType: 'report', entityId: 'posture', activityId: null };
      return auditingRefusals(db, attempt, async () => {
        authorise(actor, 'report.read');
        return inTenant(db, actor.tenantId, readPosture);
      });
    },
  };
}

/** The current figure is computed from what is known now; only the past is read from the history. */
async function readPosture(trx: Trx): Promise<PostureView> {
  await planForAnyTenant(trx);
  const posture = postureOf(await readInputs(trx));
  return {
    tenantName: await readTenantName(trx),
    posture,
    previous: posture && (await readPrevious(trx, posture)),
    weekAgo: await readScoreAgo(trx, 7),
    monthAgo: await readScoreAgo(trx, 30),
    trend: await readTrend(trx),
    contributors: await readContributors(trx),
    now: trx.now,
  };
}

async function readTenantName(trx: Trx): Promise<string> {
  const [tenant] = await query<{ name: string }>(trx, 'select name from tenants where id = ?', [trx.tenantId]);
  return tenant?.name ?? '';
}
