export const clockNames = ['acknowledge', 'investigate', 'resolve'] as const;
export type ClockName = (typeof clockNames)[number];

/** met = stamped at or before the deadline; running = no stamp, deadline ahead; breached = everything else. */
export type ClockState = 'met' | 'running' | 'breached';

export interface SlaClock {
  readonly name: ClockName;
  readonly deadline: Date;
  readonly stamp: Date | null;
  readonly state: ClockState;
}

/** The one definition of met, running and breached, for cards, pings and reports. */
export function clockState(deadline: Date, stamp: Date | null, now: Date): ClockState {
  if (stamp) return stamp <= deadline ? 'met' : 'breached';
  return now <= deadline ? 'running' : 'breached';
}
