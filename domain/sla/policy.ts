import type { Severity } from '../alerts/alert.js';
import { minute, plus } from '../durations.js';
import type { TenantSettings } from '../tenants/settings.js';
import { addBusinessMinutes } from './business-hours.js';
import type { ClockName } from './clock.js';

/** Minutes from the beginning of the cycle; spec of the product, section 4. */
const standard: Readonly<Record<Severity, Readonly<Record<ClockName, number>>>> = {
  critical: { acknowledge: 15, investigate: 60, resolve: 240 },
  high: { acknowledge: 30, investigate: 120, resolve: 480 },
  medium: { acknowledge: 60, investigate: 240, resolve: 1440 },
  low: { acknowledge: 240, investigate: 480, resolve: 4320 },
};

/** Minutes within which an alert shall be taken and decided; section 2. */
const standardTargets: Readonly<Record<Severity, { readonly take: number; readonly decide: number } | null>> = {
  critical: { take: 10, decide: 30 },
  high: { take: 30, decide: 120 },
  medium: null,
  low: null,
};

export interface Deadlines {
  readonly slaAcknowledgeBy: Date;
  readonly slaInvestigateBy: Date;
  readonly slaResolveBy: Date;
}

/** Deadlines around the clock, or in the tenant's business hours; a setting that is out of order cannot put a later clock before an earlier one. */
export function deadlines(severity: Severity, from: Date, settings: TenantSettings): Deadlines {
  const policy = settings.sla[severity] ?? standard[severity];
  const investigate = Math.max(policy.acknowledge, policy.investigate);
  return {
    slaAcknowledgeBy: after(from, policy.acknowledge, settings),
    slaInvestigateBy: after(from, investigate, settings),
    slaResolveBy: after(from, Math.max(investigate, policy.resolve), settings),
  };
}

/** When an untaken alert shall be taken and decided; null when its severity has no target. */
export function alertTargets(
  severity: Severity,
  from: Date,
  settings: TenantSettings,
): { readonly takeBy: Date; readonly triageBy: Date } | null {
  const own = settings.targets[severity];
  const policy = own === undefined ? standardTargets[severity] : own;
  return policy && { takeBy: after(from, policy.take, settings), triageBy: after(from, policy.decide, settings) };
}

function after(from: Date, minutes: number, { businessHours }: TenantSettings): Date {
  return businessHours ? addBusinessMinutes(businessHours, from, minutes) : plus(from, minutes * minute);
}
