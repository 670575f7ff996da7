/** Page up and page down move between posts, as the feed pattern asks. */
export function pageThrough(event: KeyboardEvent): void {
  const step = { PageDown: 1, PageUp: -1 }[event.key];
  if (step === undefined) return;
  const entries = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('.entry')];
  const at = entries.findIndex((entry) => entry.contains(document.activeElement));
  event.preventDefault();
  entries[Math.max(0, Math.min(entries.length - 1, at + step))]?.focus();
}
