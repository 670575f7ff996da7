import { useEffect, useState } from 'preact/hooks';

/** The server's clock, every half minute: often enough for "5 min ago". */
export function useNow(offset: number): number {
  const [tick, setTick] = useState(() => Date.now());
  useEffect(() => {
    const timer = window.setInterval(() => setTick(Date.now()), 30_000);
    return () => window.clearInterval(timer);
  }, []);
  return Math.max(tick, Date.now()) + offset;
}
