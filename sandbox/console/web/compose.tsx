import type { JSX } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';

import type { WireCommand } from '../wire.js';
import { Icon } from './icons.js';

interface ComposeProps {
  readonly label: string;
  readonly placeholder: string;
  /** Who can be mentioned, the bot first. */
  readonly names: readonly string[];
  readonly commands: readonly WireCommand[];
  readonly autoFocus?: boolean;
  readonly isDisabled?: boolean;
  /** Resolves to false when it was not sent: the text then stays. */
  readonly onSend: (text: string) => Promise<boolean>;
  readonly onCancel?: () => void;
}

interface Suggestion {
  readonly title: string;
  readonly note: string;
  /** The whole text after choosing it. */
  readonly text: string;
}

export function Compose(props: ComposeProps): JSX.Element {
  const { label, placeholder, names, commands, autoFocus = false, isDisabled = false, onSend, onCancel } = props;
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const [isHidden, setHidden] = useState(false);
  const box = useRef<HTMLTextAreaElement>(null);
  const listId = useId();
  const suggestions = isHidden ? [] : suggest(text, names, commands);
  const active = Math.min(chosen, suggestions.length - 1);

  useLayoutEffect(() => {
    if (autoFocus) box.current?.focus();
  }, [autoFocus]);

  const change = (next: string) => {
    setText(next);
    setChosen(0);
    setHidden(false);
  };
  const send = async () => {
    if (text.trim() === '') return;
    setText('');
    if (!(await onSend(text))) setText(text);
    box.current?.focus();
  };
  const take = (suggestion: Suggestion) => {
    change(suggestion.text);
    setHidden(true);
    box.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const suggestion = suggestions[active];
    if (suggestion && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      setChosen((active + (event.key === 'ArrowDown' ? 1 : suggestions.length - 1)) % suggestions.length);
    } else if (
      suggestion &&
      (event.key === 'Tab' || (event.key === 'Enter' && suggestion.text.trim() !== text.trim()))
    ) {
      event.preventDefault();
      take(suggestion);
    } else if (event.key === 'Escape' && suggestion) {
      event.stopPropagation();
      setHidden(true);
    } else if (event.key === 'Escape') onCancel?.();
    else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      void send();
    }
  };

  return (
    <form
      class="compose"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {suggestions.length > 0 && (
        <ul class="suggestions" role="listbox" id={listId} aria-label="Suggestions">
          {suggestions.map((one, index) => (
            <li
              key={one.title}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === active}
              ref={(element) => void (index === active && element?.scrollIntoView({ block: 'nearest' }))}
              onMouseDown={(event) => {
                event.preventDefault();
                take(one);
              }}
            >
              <strong>{one.title}</strong>
              <span>{one.note}</span>
            </li>
          ))}
        </ul>
      )}
      <textarea
        ref={box}
        value={text}
        rows={1}
        aria-label={label}
        aria-autocomplete="list"
        {...(suggestions.length > 0 ? { 'aria-controls': listId, 'aria-activedescendant': `${listId}-${active}` } : {})}
        placeholder={placeholder}
        disabled={isDisabled}
        onInput={(event) => change(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <button type="submit" class="icon-button send" aria-label="Send" disabled={isDisabled || text.trim() === ''}>
        <Icon name="send" />
      </button>
    </form>
  );
}

/** Commands after a leading slash, people and the bot after an @ at the end. */
function suggest(text: string, names: readonly string[], commands: readonly WireCommand[]): Suggestion[] {
  const slash = /^\/(\S*)$/.exec(text);
  if (slash) {
    const typed = (slash[1] ?? '').toLowerCase();
    return commands
      .filter((command) => command.title.toLowerCase().startsWith(typed))
      .map(({ title, description }) => ({ title: `/${title}`, note: description, text: `/${title} ` }));
  }
  const at = /(^|\s)@([^@\n]{0,40})$/.exec(text);
  if (!at) return [];
  const typed = (at[2] ?? '').toLowerCase();
  const before = text.slice(0, text.length - typed.length - 1);
  return names
    .filter((name) => name.toLowerCase().startsWith(typed) && name.toLowerCase() !== typed)
    .map((name) => ({ title: name, note: '', text: `${before}@${name} ` }));
}
