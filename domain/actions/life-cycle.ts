import type { ActionStatus, DeviceAction } from './action.js';

/** Acts of people on an action. Asking for one is an act on a device: device.isolate, device.release, device.scan. */
export const actionVerbNames = ['action.approve', 'action.reject', 'action.cancel', 'action.review'] as const;
export type ActionVerb = (typeof actionVerbNames)[number];

type Moves = Readonly<Partial<Record<ActionStatus, ActionStatus>>>;

/**
 * The life of an action, as far as people move it; Microsoft moves it from approved on. Cancelling what Microsoft has is a
 * wish that leaves the status alone until Microsoft answers. A review changes no status: see `reviewable`.
 */
export const actionLifeCycle: Readonly<Record<ActionVerb, Moves>> = {
  'action.approve': { requested: 'approved' },
  'action.reject': { requested: 'rejected' },
  'action.cancel': { requested: 'cancelled', approved: 'cancelled', pending: 'pending', in_progress: 'in_progress' },
  'action.review': {},
};

export const openActionStatuses = [
  'requested',
  'approved',
  'pending',
  'in_progress',
  'unknown',
] as const satisfies readonly ActionStatus[];

export function isOpenAction(status: ActionStatus): boolean {
  return (openActionStatuses as readonly ActionStatus[]).includes(status);
}

/** Where the act leads to from this status; null when the status does not allow it. */
export function actionMove(verb: ActionVerb, from: ActionStatus): ActionStatus | null {
  return actionLifeCycle[verb][from] ?? null;
}

/** States from which the act is possible. */
export function actionStatesFor(verb: ActionVerb): readonly ActionStatus[] {
  return Object.keys(actionLifeCycle[verb]) as ActionStatus[];
}

/** Asked for by somebody who acted alone, and nobody has looked at it since. */
export function reviewable(action: Pick<DeviceAction, 'isBreakGlass' | 'reviewedAt'>): boolean {
  return action.isBreakGlass && action.reviewedAt === null;
}
