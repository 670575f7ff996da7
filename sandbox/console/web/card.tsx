import { AdaptiveCard, HostConfig, OpenUrlAction, ShowCardAction } from 'adaptivecards';
import type { Action } from 'adaptivecards';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

import type { WireCard, WireMention } from '../wire.js';
import { hostConfig } from './host-config.js';
import { toHtml } from './markdown.js';

export interface PressedAction {
  readonly type: 'Action.Execute' | 'Action.Submit';
  readonly id?: string;
  readonly verb?: string;
  readonly data?: unknown;
}

interface CardProps {
  readonly card: WireCard;
  readonly mentions: readonly WireMention[];
  /** Shown to people who read the page by ear. */
  readonly label: string;
  /** Resolves when the bot has answered; the card is busy until then. */
  readonly onPress: (action: PressedAction) => Promise<void>;
}

const config = new HostConfig(hostConfig);
let mentionsNow: readonly WireMention[] = [];

// The library has one hook for all cards; drawing is synchronous, so the card being drawn says whose mentions count.
AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = toHtml(text, mentionsNow);
  result.didProcess = true;
};

export function CardView({ card, mentions, label, onPress }: CardProps): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const press = useRef(onPress);
  press.current = onPress;
  const json = JSON.stringify([card, mentions]);

  useLayoutEffect(() => {
    const host = frame.current;
    if (!host) return;
    const focused = focusedTitle(host);
    const drawn = draw(card, mentions, (action) => void run(host, action, press.current));
    host.replaceChildren(drawn);
    host.removeAttribute('aria-busy');
    if (focused !== null) restoreFocus(host, focused);
    // json stands for card and mentions: a card that did not change keeps what is typed into it.
  }, [json]);

  const { width } = (card['msteams'] ?? {}) as { width?: unknown };
  const isWide = width === 'Full' || width === 'full';
  return <div class={`card${isWide ? ' card-full' : ''}`} ref={frame} role="group" aria-label={label} />;
}

function draw(card: WireCard, mentions: readonly WireMention[], onExecute: (action: Action) => void): Node {
  const adaptive = new AdaptiveCard();
  adaptive.hostConfig = config;
  adaptive.onExecuteAction = onExecute;
  mentionsNow = mentions;
  try {
    adaptive.parse(card);
    const element = adaptive.render();
    if (element) return tidy(element);
  } catch {
    // Falls through: a card that cannot be drawn shows its fallback text, as in Teams.
  } finally {
    mentionsNow = [];
  }
  const text = document.createElement('p');
  text.className = 'card-fallback';
  text.textContent = typeof card['fallbackText'] === 'string' ? card['fallbackText'] : 'This card cannot be shown.';
  return text;
}

/** Mends what the renderer leaves undone for keyboard and screen reader. */
function tidy(element: HTMLElement): HTMLElement {
  element.removeAttribute('tabindex');
  for (const bar of element.querySelectorAll('[role="menubar"]')) bar.setAttribute('role', 'group');
  for (const button of element.querySelectorAll<HTMLElement>('[role="menuitem"]')) {
    button.removeAttribute('role');
    button.removeAttribute('aria-posinset');
    button.removeAttribute('aria-setsize');
    button.tabIndex = 0;
  }
  return element;
}

async function run(host: HTMLElement, action: Action, press: CardProps['onPress']): Promise<void> {
  if (action instanceof OpenUrlAction) {
    if (action.url !== undefined && /^https?:/i.test(action.url))
      window.open(action.url, '_blank', 'noopener,noreferrer');
    return;
  }
  const pressed = readAction(action);
  if (!pressed || host.getAttribute('aria-busy') === 'true') return;
  const button = action.renderedElement;
  host.setAttribute('aria-busy', 'true');
  button?.classList.add('is-pressed');
  await press(pressed);
  button?.classList.remove('is-pressed');
  host.removeAttribute('aria-busy');
}

function readAction(action: Action): PressedAction | null {
  if (action instanceof ShowCardAction) return null;
  const type = action.getJsonTypeName();
  if (type !== 'Action.Execute' && type !== 'Action.Submit') return null;
  const { data, verb } = action as Action & { data?: unknown; verb?: unknown };
  return {
    type,
    ...(action.id === undefined ? {} : { id: action.id }),
    ...(typeof verb === 'string' ? { verb } : {}),
    ...(data === undefined ? {} : { data }),
  };
}

function focusedTitle(host: HTMLElement): string | null {
  const focused = document.activeElement;
  return focused && host.contains(focused) ? (focused.textContent ?? '') : null;
}

/** The same button when it is still there, else the next step: the focus must not fall out of the card. */
function restoreFocus(host: HTMLElement, title: string): void {
  const buttons = [...host.querySelectorAll<HTMLElement>('button, a, input, [role="button"]')];
  const same = buttons.find((button) => button.textContent === title);
  const next = host.querySelector<HTMLElement>('.ac-pushButton') ?? buttons[0];
  (same ?? next)?.focus({ preventScroll: true });
}
