import { setTimeout as pause } from 'node:timers/promises';

/** Looks until there is something, and gives it back; for what happens in another part of the program without telling us. */
export async function until<T>(
  what: string,
  look: () => T | null | undefined | false | Promise<T | null | undefined | false>,
  patienceMs = 30_000,
): Promise<T> {
  const end = performance.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`waited ${patienceMs / 1000} s in vain until ${what}`);
    await pause(15);
  }
}
