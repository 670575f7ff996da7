export interface Lru<T> {
  get(key: string): T | undefined;
  set(key: string, value: T): void;
  getOrMake(key: string, make: () => T): T;
}

/** Keeps the `size` most recently used values; a Map remembers insertion order. */
export function createLru<T>(size: number): Lru<T> {
  const entries = new Map<string, T>();
  const get = (key: string) => {
    const value = entries.get(key);
    if (value === undefined) return undefined;
    entries.delete(key);
    entries.set(key, value);
    return value;
  };
  const set = (key: string, value: T) => {
    entries.delete(key);
    entries.set(key, value);
    for (const oldest of entries.keys()) {
      if (entries.size <= size) break;
      entries.delete(oldest);
    }
  };
  const getOrMake = (key: string, make: () => T) => {
    const known = get(key);
    if (known !== undefined) return known;
    const made = make();
    set(key, made);
    return made;
  };
  return { get, set, getOrMake };
}
