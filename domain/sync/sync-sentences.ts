/** What admins read about syncs. */
export const syncSentences = {
  firstSync: (tenant: string, mirrored: number, opened: number) =>
    `First sync of ${tenant}: ${alerts(mirrored)} mirrored, ${opened === 1 ? '1 opened as a card' : `${opened.toLocaleString('en')} opened as cards`}.`,
  onHold: (why: string) => `Reading Defender alerts is on hold: ${why} It is tried again every hour.`,
  resumed: 'Reading Defender alerts works again.',
  throttled: (times: number) =>
    `Microsoft has throttled the reading of alerts ${times} times in a row, so it is read less often for now. New alerts may appear later than usual.`,
} as const;

function alerts(n: number): string {
  return n === 1 ? '1 alert' : `${n.toLocaleString('en')} alerts`;
}
