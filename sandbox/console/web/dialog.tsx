import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

import type { WireDialog } from '../wire.js';
import { CardView } from './card.js';
import { Icon } from './icons.js';

interface DialogProps {
  readonly dialog: WireDialog;
  /** Resolves to the sentence to show when it did not work, else null. */
  readonly onSubmit: (data: unknown) => Promise<string | null>;
  readonly onClose: () => void;
}

const widths: Readonly<Record<string, number>> = { small: 350, medium: 600, large: 900 };

/** A Teams dialog (task module). The browser's own modal dialog traps the focus and closes on Escape. */
export function DialogView({ dialog, onSubmit, onClose }: DialogProps): JSX.Element {
  const element = useRef<HTMLDialogElement>(null);
  const [fault, setFault] = useState<string | null>(null);
  useEffect(() => {
    element.current?.showModal();
    element.current
      ?.querySelector<HTMLElement>('.dialog-body input, .dialog-body textarea, .dialog-body select')
      ?.focus();
  }, []);
  const width = typeof dialog.width === 'number' ? dialog.width : (widths[dialog.width ?? 'medium'] ?? 600);
  return (
    <dialog
      ref={element}
      class="dialog"
      aria-labelledby="dialog-title"
      onClose={onClose}
      style={{ width: `${width}px` }}
    >
      <header>
        <h2 id="dialog-title">{dialog.title}</h2>
        <button type="button" class="icon-button" aria-label="Cancel" onClick={() => element.current?.close()}>
          <Icon name="close" />
        </button>
      </header>
      <div class="dialog-body">
        {dialog.card ? (
          <CardView
            card={dialog.card}
            mentions={[]}
            label={dialog.title}
            onPress={async (action) => {
              setFault(null);
              setFault(await onSubmit(action.data));
            }}
          />
        ) : (
          <p>This dialog has nothing that the console can show.</p>
        )}
        {fault !== null && (
          <p class="card-fault" role="alert">
            <Icon name="alert" /> {fault}
          </p>
        )}
      </div>
    </dialog>
  );
}
