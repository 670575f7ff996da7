import type { JSX } from 'preact';

import type { WireState } from '../wire.js';
import { Avatar } from './avatar.js';
import { Icon } from './icons.js';

interface TopBarProps {
  readonly state: WireState;
  readonly theme: string;
  readonly drawer: 'places' | 'panel' | null;
  readonly onDrawer: (drawer: 'places' | 'panel') => void;
  readonly onTheme: () => void;
}

export function TopBar({ state, theme, drawer, onDrawer, onTheme }: TopBarProps): JSX.Element {
  const isDark = theme === 'dark';
  return (
    <header class="top">
      <button
        type="button"
        class="icon-button only-narrow"
        aria-label="People and channels"
        aria-expanded={drawer === 'places'}
        onClick={() => onDrawer('places')}
      >
        <Icon name="menu" />
      </button>
      <span class="brand" aria-hidden="true">
        <svg viewBox="0 0 32 32" width="24" height="24">
          <path class="brand-back" d="M16 1 29 8.500v15L16 31 3 23.500v-15z" />
          <path class="brand-letter" d="M16 8 22.700 24h-3.700l-1.100-3h-3.800L13 24H9.300zm0 5.500-1 4.700h2z" />
        </svg>
      </span>
      <h1>{state.title}</h1>
      <span class="sandbox-tag">Sandbox</span>
      <span class="top-space" />
      <button type="button" class="icon-button" aria-label={isDark ? 'Light theme' : 'Dark theme'} onClick={onTheme}>
        <Icon name={isDark ? 'sun' : 'moon'} />
      </button>
      <button
        type="button"
        class="icon-button only-not-wide"
        aria-label="Make things happen"
        aria-expanded={drawer === 'panel'}
        onClick={() => onDrawer('panel')}
      >
        <Icon name="spark" />
      </button>
      <span class="me" title={`${state.me.name}, ${state.me.title}`}>
        <Avatar name={state.me.name} kind="person" size={32} />
        <span class="unseen">You are {state.me.name}</span>
      </span>
    </header>
  );
}
