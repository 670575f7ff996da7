/** Exponential back-off with jitter: between half and all of base * 2^(failures - 1), never more than `capMs`. */
export function backOffMs(failures: number, options: { baseMs: number; capMs: number }, random = Math.random): number {
  const full = Math.min(options.capMs, options.baseMs * 2 ** Math.min(Math.max(0, failures - 1), 30));
  return Math.round(full / 2 + (full / 2) * random());
}
