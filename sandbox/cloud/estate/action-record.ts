import type { MicrosoftRecord } from '../tenants.js';
import { changedAt, statusAt } from './action-life.js';
import type { ActionLife, StoredAction } from './action-life.js';

/** errorHResult of real records (reference 5.1). */
const hresults: Readonly<Record<string, number>> = { TimeOut: -2145844840, Cancelled: -2147467260 };

/** The action as Defender reports it at `now` (ms). */
export function actionRecord(
  action: StoredAction,
  life: ActionLife,
  machineName: string | null,
  now: number,
): MicrosoftRecord {
  const cancelled = cancellationOf(action);
  if (action.recorded) return action.cancellation ? { ...action.recorded, ...cancelled } : action.recorded;
  const status = statusAt(life, now);
  return {
    id: action.id,
    type: action.type,
    title: null,
    requestor: action.requestor,
    requestorComment: action.comment,
    status,
    machineId: action.machineId,
    computerDnsName: machineName,
    creationDateTimeUtc: microsoftTimeOf(Date.parse(action.createdAt)),
    lastUpdateDateTimeUtc: microsoftTimeOf(changedAt(life, now) ?? Date.parse(action.createdAt)),
    cancellationRequestor: null,
    cancellationComment: null,
    cancellationDateTimeUtc: null,
    errorHResult: status === 'Failed' ? action.errorHResult : (hresults[status] ?? 0),
    scope: action.scope,
    externalId: null,
    requestSource: action.requestSource,
    relatedFileInfo: null,
    commands: [],
    troubleshootInfo: null,
    ...cancelled,
  };
}

function cancellationOf({ cancellation }: StoredAction): MicrosoftRecord {
  if (!cancellation) return {};
  const at = microsoftTimeOf(Date.parse(cancellation.at));
  return {
    status: 'Cancelled',
    cancellationRequestor: cancellation.by,
    cancellationComment: cancellation.comment,
    cancellationDateTimeUtc: at,
    lastUpdateDateTimeUtc: at,
    errorHResult: hresults['Cancelled'],
  };
}

/** Milliseconds in Microsoft's form of 7 digits. */
export function microsoftTimeOf(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '0000Z');
}
