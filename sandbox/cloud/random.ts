import { createHash } from 'node:crypto';

/** Numbers that look random and are the same for the same seed, so that a demonstration can be repeated. */
export interface Random {
  /** 0 <= n < 1 */
  next(): number;
  /** 0 <= n < limit, whole. */
  below(limit: number): number;
  digits(count: number): string;
  hex(count: number): string;
  pick<T>(from: readonly [T, ...T[]]): T;
}

/** mulberry32: 32 bits of state are plenty for scenery. */
export function createRandom(seed: string): Random {
  let state = createHash('sha256').update(seed).digest().readUInt32LE(0);
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  const written = (count: number, base: number) =>
    Array.from({ length: count }, () => below(base).toString(base)).join('');
  return {
    next,
    below,
    digits: (count) => written(count, 10),
    hex: (count) => written(count, 16),
    pick: (from) => from[below(from.length)] ?? from[0],
  };
}

/** An id that belongs to a name for ever, in the form of a GUID. */
export function guidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Defender's machine ids are 40 hexadecimal digits. */
export function machineIdOf(name: string): string {
  return createHash('sha1').update(name).digest('hex');
}
