/** How much of the untrusted text a card takes; counts of characters, of alerts for `alerts` and of devices for `devices`. */
export interface IncidentLimits {
  readonly alerts: number;
  readonly alertTitle: number;
  readonly devices: number;
  readonly description: number;
  readonly outcome: number;
  readonly reason: number;
  readonly title: number;
}

/** What gives way when a card grows too large: linked alerts, then the description, then reasons and the outcome, the title last. */
export const incidentLimits: readonly [IncidentLimits, ...IncidentLimits[]] = [
  { alerts: 10, alertTitle: 120, devices: 5, description: 800, outcome: 800, reason: 300, title: 250 },
  { alerts: 5, alertTitle: 100, devices: 5, description: 800, outcome: 800, reason: 300, title: 250 },
  { alerts: 5, alertTitle: 60, devices: 3, description: 200, outcome: 800, reason: 300, title: 250 },
  { alerts: 3, alertTitle: 60, devices: 2, description: 0, outcome: 300, reason: 60, title: 120 },
];
