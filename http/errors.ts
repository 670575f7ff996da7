/** The part of restify's errors that an answer is made of. */
export interface HttpFault {
  readonly statusCode?: unknown;
  readonly name?: unknown;
}

const sentences: Readonly<Record<number, string>> = {
  400: 'The body is not valid JSON.',
  404: 'There is nothing at this address.',
  405: 'This address does not take that method.',
  408: 'The request took too long to arrive.',
  413: 'The body is larger than 256 KB.',
  415: 'Send the body as uncompressed JSON.',
  503: 'The service is not ready. Try again in a moment.',
};
const UNKNOWN = 'Something went wrong on our side.';

/** Status and sentence for a fault. What we do not know the sentence of is ours: 500, and nothing of it leaves. */
export function describeFault(fault: unknown): { readonly status: number; readonly sentence: string } {
  const status = (fault as HttpFault | null | undefined)?.statusCode;
  const sentence = typeof status === 'number' ? sentences[status] : undefined;
  if (typeof status !== 'number' || sentence === undefined) return { status: 500, sentence: UNKNOWN };
  return { status, sentence };
}
