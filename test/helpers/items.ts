import type { SourceItem } from '../../domain/alerts/ingest/ingest-items.js';

/** An item of a firewall; give what matters to the test. */
export function sourceItem(given: Partial<SourceItem> = {}): SourceItem {
  return {
    sourceUuid: '11111111-1111-4111-8111-111111111111',
    externalId: null,
    fingerprintFields: [],
    type: 'intrusion',
    category: null,
    threatName: null,
    severity: 'high',
    title: 'Port scan',
    description: null,
    device: 'fw-1',
    user: null,
    detectedAt: null,
    metadata: {},
    ...given,
  };
}
