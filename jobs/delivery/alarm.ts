/** Wakes the one who waits; a ring that nobody waits for is kept for the next wait. */
export interface Alarm {
  readonly ring: () => void;
  readonly ringIn: (ms: number) => void;
  /** Resolves at the next ring, at the latest after `atMostMs`. */
  readonly wait: (atMostMs: number) => Promise<void>;
  /** Resolves after `ms`, without keeping the process alive. */
  readonly after: (ms: number) => Promise<void>;
}

export function createAlarm(): Alarm {
  let rung = false;
  let awaken: (() => void) | undefined;
  const ring = () => {
    rung = true;
    awaken?.();
  };
  const wait = async (atMostMs: number): Promise<void> => {
    if (!rung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, atMostMs);
        awaken = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    rung = false;
    awaken = undefined;
  };
  const ringIn = (ms: number) => void setTimeout(ring, Math.ceil(ms)).unref();
  const after = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms).unref());
  return { ring, ringIn, wait, after };
}
