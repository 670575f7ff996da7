import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import type { WireEvent, WirePlace, WireState } from '../wire.js';
import { Compose } from './compose.js';
import { ConversationHead } from './conversation-head.js';
import { DialogView } from './dialog.js';
import { FeedView } from './feed.js';
import { Icon } from './icons.js';
import { Panel } from './panel.js';
import { Sidebar } from './sidebar.js';
import { Toasts, useToasts } from './toasts.js';
import { useActs } from './use-acts.js';
import type { OpenDialog } from './use-acts.js';
import { useDrawerFocus } from './use-drawer-focus.js';
import { TopBar } from './top-bar.js';
import { useFeed } from './use-feed.js';
import type { Feed } from './use-feed.js';
import { useLive } from './use-live.js';
import { useNow } from './use-now.js';
import { useConsoleState } from './use-state.js';
import { useStored } from './use-stored.js';

const typingShownMs = 4_000;

export function App(): JSX.Element {
  const [person, setPerson] = useStored('person', '');
  const [wanted, setWanted] = useStored('conversation', '');
  const [theme, setTheme] = useStored('theme', prefersDark() ? 'dark' : 'light');
  const [drawer, setDrawer] = useState<'places' | 'panel' | null>(null);
  const [dialog, setDialog] = useState<OpenDialog | null>(null);
  const [follow, setFollow] = useState(0);
  const [typing, setTyping] = useState<string | null>(null);
  const [toasts, show] = useToasts();
  const { state, fault, clockOffset, refresh } = useConsoleState(person);
  const now = useNow(clockOffset);
  const place = state ? placeIn(state, wanted) : null;
  const me = state?.me.id ?? null;
  const loaded = useFeed(me, place?.id ?? null);
  // Nobody acts as the person before: until the new one's view is there, there is nothing to press.
  const chosen = state?.people.some((one) => one.id === person) ? person : me;
  const isSwitching = chosen !== me;
  const feed: Feed = isSwitching ? { ...loaded, status: 'loading' } : loaded;

  useEffect(() => void (document.documentElement.dataset['theme'] = theme), [theme]);
  useEffect(() => {
    if (state)
      document.title = `${state.me.unread > 0 ? `(${state.me.unread}) ` : ''}${place?.name ?? ''} · ${state.title}`;
  }, [state, place?.name]);
  useDrawerFocus(drawer, () => setDrawer(null));

  const onEvent = (event: WireEvent) => {
    if (event.type === 'message') {
      if (event.conversationId === place?.id) feed.touch(event.rootId);
      if (event.isNew) {
        setTyping(null);
        refresh();
      }
    } else if (event.type === 'typing') {
      setTyping(event.conversationId);
      window.setTimeout(() => setTyping(null), typingShownMs);
    } else refresh();
  };
  useLive(me, onEvent, () => {
    refresh();
    feed.reload();
  });

  const acts = useActs({ person: me, place: place?.id ?? null, feed, show, setDialog, refresh });

  if (!state || !place) return <Waiting fault={fault} onRetry={refresh} />;
  const names = [state.botName, ...state.people.filter((one) => one.id !== me).map((one) => one.name)];
  return (
    <div class={`shell${drawer === null ? '' : ` shell-${drawer}`}`}>
      <TopBar
        state={state}
        theme={theme}
        drawer={drawer}
        onDrawer={(which) => setDrawer(drawer === which ? null : which)}
        onTheme={() => setTheme(theme === 'dark' ? 'light' : 'dark')}
      />
      <aside class="side" aria-label="People and channels">
        <Sidebar
          state={state}
          personId={chosen ?? state.me.id}
          conversationId={place.id}
          onPerson={setPerson}
          onConversation={(id) => {
            setWanted(id);
            setDrawer(null);
          }}
        />
      </aside>
      <main class="middle" inert={drawer !== null}>
        <ConversationHead place={place} state={state} />
        <FeedView
          key={`${state.me.id} ${place.id}`}
          feed={feed}
          kind={place.kind}
          label={place.name}
          now={now}
          isTyping={typing === place.id}
          botName={state.botName}
          names={names}
          commands={state.commands}
          follow={follow}
          actions={acts.cards}
          onReply={(root, text) => acts.say(text, root.id)}
          onSeen={acts.look}
          onReadTo={acts.readTo}
        />
        <Compose
          key={place.id}
          label={`Message in ${place.name}`}
          placeholder={place.kind === 'channel' ? 'Type / for commands or @ to mention' : 'Type a message'}
          names={names}
          commands={state.commands}
          isDisabled={isSwitching || (place.kind === 'personal' && !place.installed)}
          onSend={(text) => acts.say(text)}
        />
      </main>
      <aside class="panel" aria-label="Make things happen">
        <div class="panel-head">
          <h2>Make things happen</h2>
          <button type="button" class="icon-button only-not-wide" aria-label="Close" onClick={() => setDrawer(null)}>
            <Icon name="close" />
          </button>
        </div>
        <Panel
          controls={state.panel}
          onRun={(id, change) => {
            if (change.on === undefined) setFollow((times) => times + 1);
            return acts.runControl(id, change);
          }}
        />
      </aside>
      {drawer !== null && <div class="shade" onClick={() => setDrawer(null)} />}
      {dialog && (
        <DialogView
          key={dialog.serial}
          dialog={dialog.dialog}
          onClose={() => setDialog((open) => (open?.serial === dialog.serial ? null : open))}
          onSubmit={(data) => acts.submitDialog(dialog.conversationId, data)}
        />
      )}
      <Toasts toasts={toasts} />
    </div>
  );
}

function Waiting({ fault, onRetry }: { fault: string | null; onRetry: () => void }): JSX.Element {
  return (
    <main class="waiting" aria-busy={fault === null}>
      <p role="status">{fault ?? 'Loading…'}</p>
      {fault !== null && (
        <button type="button" class="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </main>
  );
}

/** The wanted conversation when this person can see it, else their first channel, else their chat. */
function placeIn(state: WireState, wanted: string): WirePlace | null {
  const places = [...state.teams.flatMap((team) => team.channels), ...state.chats];
  return places.find((place) => place.id === wanted) ?? places[0] ?? null;
}

function prefersDark(): boolean {
  return window.matchMedia('(prefers-color-scheme: dark)').matches;
}
