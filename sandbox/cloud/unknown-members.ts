import type { GraphAlert } from './tenants.js';

/** Members behind unknownFutureValue (CSDL, f54f11b): sent only to clients that ask for them. */
const late = new Set([
  'microsoftDefenderForCloud',
  'microsoftSentinel',
  'microsoftInsiderRiskManagement',
  'microsoftThreatIntelligence',
  'microsoftDefenderForServers',
  'microsoftDefenderForResourceManager',
  'microsoftDefenderForStorage',
  'scheduledAlerts',
  'nrtAlerts',
  'builtInMl',
]);

/** The alert as a client sees it that did not send `Prefer: include-unknown-enum-members`. */
export function knownToOldClients(alert: GraphAlert): GraphAlert {
  const known = (value: unknown) => (typeof value === 'string' && late.has(value) ? 'unknownFutureValue' : value);
  return { ...alert, serviceSource: known(alert['serviceSource']), detectionSource: known(alert['detectionSource']) };
}
