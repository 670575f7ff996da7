import { useEffect, useRef } from 'preact/hooks';

/** Moves the focus into a drawer that opens and back to where it was when it closes; Escape closes it. */
export function useDrawerFocus(drawer: 'places' | 'panel' | null, onClose: () => void): void {
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    if (drawer === null) return;
    const before = document.activeElement as HTMLElement | null;
    const inside = drawer === 'places' ? '.side input:checked' : '.panel button';
    document.querySelector<HTMLElement>(inside)?.focus();
    const onKey = (event: KeyboardEvent) => void (event.key === 'Escape' && close.current());
    window.addEventListener('keydown', onKey);
    return () => {
      window.removeEventListener('keydown', onKey);
      before?.focus();
    };
  }, [drawer]);
}
