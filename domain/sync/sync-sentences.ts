import type { SyncSource } from './source.js';

/** What is read, as admins call it. */
export const sourceNames: Readonly<Record<SyncSource, string>> = {
  alerts: 'Defender alerts',
  devices: 'Defender devices',
  compliance: 'Intune devices',
  vulnerabilities: 'Defender vulnerabilities',
};

/** What admins read about syncs. */
export const syncSentences = {
  firstSync: (tenant: string, mirrored: number, opened: number) =>
    `First sync of ${tenant}: ${alerts(mirrored)} mirrored, ${opened === 1 ? '1 opened as a card' : `${opened.toLocaleString('en')} opened as cards`}.`,
  onHold: (source: SyncSource, why: string) =>
    `Reading ${sourceNames[source]} is on hold: ${why} It is tried again every hour.`,
  lacking: (source: SyncSource, why: string) =>
    `${sourceNames[source]} are read, but not all that is known of them: ${why} It is tried again with every sync.`,
  resumed: (source: SyncSource) => `Reading ${sourceNames[source]} works again.`,
  throttled: (source: SyncSource, times: number) =>
    `Microsoft has throttled the reading of ${sourceNames[source]} ${times} times in a row, so they are read less often for now. What is new may appear later than usual.`,
  notLicensed: (source: SyncSource, why: string) =>
    `${sourceNames[source]} are not read, because the tenant does not have them: ${why} It is looked at again once a week.`,
  notConnected:
    'No Microsoft tenant is connected here, so there is nothing to read. Ask whoever runs this installation to connect one.',
} as const;

function alerts(n: number): string {
  return n === 1 ? '1 alert' : `${n.toLocaleString('en')} alerts`;
}
