import type { JSX } from 'preact';
import { useCallback, useState } from 'preact/hooks';

import { Icon } from './icons.js';

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: 'good' | 'bad';
}

const shownMs = 6_000;
let lastId = 0;

export function useToasts(): [readonly Toast[], (text: string, tone?: Toast['tone']) => void] {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const show = useCallback((text: string, tone: Toast['tone'] = 'good') => {
    const id = ++lastId;
    setToasts((old) => [...old.slice(-2), { id, text, tone }]);
    window.setTimeout(() => setToasts((old) => old.filter((one) => one.id !== id)), shownMs);
  }, []);
  return [toasts, show];
}

export function Toasts({ toasts }: { toasts: readonly Toast[] }): JSX.Element {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.map((toast) => (
        <p class={`toast toast-${toast.tone}`} key={toast.id}>
          <Icon name={toast.tone === 'good' ? 'check' : 'alert'} />
          {toast.text}
        </p>
      ))}
    </div>
  );
}
