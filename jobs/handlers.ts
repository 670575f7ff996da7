import type { Logger } from 'pino';
import type { Database } from '../domain/transaction.js';
import type { JobParts } from './jobs.js';
import type { TaskHandlers } from './queue/tasks.js';
import { progressLog } from './sync/progress.js';
import { askApproversTask } from './tasks/ask-approvers.js';
import { checkCredentialsTask } from './tasks/check-credentials.js';
import { deviceActionTask } from './tasks/device-action.js';
import { dueActionsTask } from './tasks/due-actions.js';
import { postureTask } from './tasks/posture.js';
import { retentionTask } from './tasks/retention.js';
import { schedulePostureTask } from './tasks/schedule-posture.js';
import { scheduleSyncsTask } from './tasks/schedule-syncs.js';
import { sealAuditTask } from './tasks/seal-audit.js';
import { syncTasks } from './tasks/sync-sources.js';

/** Who does each task. A task without a handler does not compile. */
export function handlersOf(db: Database, parts: JobParts, log: Logger): TaskHandlers {
  const { gateway, sources, deviceActions, alertUpdates, forceDryRun, syncSeconds, takeEverything } = parts;
  return {
    ...syncTasks({ db, log, syncSeconds, onProgress: progressLog(log) }, sources, takeEverything),
    device_action: deviceActionTask({ db, deviceActions, alertUpdates, forceDryRun, log }),
    ask_approvers: askApproversTask({ db, gateway, log }),
    due_actions: dueActionsTask(db),
    posture: postureTask(db),
    schedule_posture: schedulePostureTask(db),
    schedule_syncs: scheduleSyncsTask(db),
    check_credentials: checkCredentialsTask(db, parts.credentialEnds),
    seal_audit: sealAuditTask(db, log),
    retention: retentionTask(db),
  };
}
