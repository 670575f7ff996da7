/** What Microsoft writes anew into each answer: ids of the request, and its time. */
const ofOneAnswer =
  /\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})?/gi;

/** Whether two reasons say the same to people, so that one who has read the first need not read the second. */
export function isSameReason(a: string | null, b: string | null): boolean {
  return bare(a) === bare(b);
}

function bare(reason: string | null): string | null {
  return reason?.replace(ofOneAnswer, '') ?? null;
}
