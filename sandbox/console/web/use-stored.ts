import { useState } from 'preact/hooks';

/** A choice that this browser remembers. */
export function useStored(key: string, initial: string): [string, (value: string) => void] {
  const [value, setValue] = useState(() => recall(key) ?? initial);
  const choose = (next: string) => {
    setValue(next);
    remember(key, next);
  };
  return [value, choose];
}

// Storage may be switched off in a browser; then choices last as long as the page.
function recall(key: string): string | null {
  try {
    return localStorage.getItem(`avian.${key}`);
  } catch {
    return null;
  }
}

function remember(key: string, value: string): void {
  try {
    localStorage.setItem(`avian.${key}`, value);
  } catch {
    return;
  }
}
