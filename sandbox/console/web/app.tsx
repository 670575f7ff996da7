import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import type { WireActed, WireDialog, WireEvent, WireMessage, WirePlace, WireState } from '../wire.js';
import { act, sentenceOf } from './api.js';
import { Compose } from './compose.js';
import { ConversationHead } from './conversation-head.js';
import { DialogView } from './dialog.js';
import { FeedView } from './feed.js';
import { Icon } from './icons.js';
import type { MessageActions } from './message.js';
import { Panel } from './panel.js';
import type { RunControl } from './panel.js';
import { Sidebar } from './sidebar.js';
import { Toasts, useToasts } from './toasts.js';
import { useDrawerFocus } from './use-drawer-focus.js';
import { TopBar } from './top-bar.js';
import { useFeed } from './use-feed.js';
import type { Feed } from './use-feed.js';
import { useLive } from './use-live.js';
import { useNow } from './use-now.js';
import { useConsoleState } from './use-state.js';
import { useStored } from './use-stored.js';

interface OpenDialog {
  readonly dialog: WireDialog;
  readonly conversationId: string;
  readonly serial: number;
}

const typingShownMs = 4_000;

export function App(): JSX.Element {
  const [person, setPerson] = useStored('person', '');
  const [wanted, setWanted] = useStored('conversation', '');
  const [theme, setTheme] = useStored('theme', prefersDark() ? 'dark' : 'light');
  const [drawer, setDrawer] = useState<'places' | 'panel' | null>(null);
  const [dialog, setDialog] = useState<OpenDialog | null>(null);
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

  /** Shows what an act came to; resolves to the sentence that belongs under the card. */
  const perform = async (
    name: string,
    body: Record<string, unknown>,
    conversationId: string,
  ): Promise<string | null> => {
    try {
      const { result, message } = await act<WireActed>(name, { person: me, open: [...feed.open].join(','), ...body });
      if (message) feed.put(message);
      if (result.outcome === 'failed') return result.text;
      if (result.outcome === 'dialog') {
        setDialog((old) => ({ dialog: result.dialog, conversationId, serial: (old?.serial ?? 0) + 1 }));
        return null;
      }
      if (result.outcome === 'message') show(result.text);
      if (name === 'dialog') setDialog(null);
      return null;
    } catch (error) {
      return sentenceOf(error);
    }
  };

  const actions: MessageActions = {
    press: (message, action) => perform('click', { message: message.id, action }, message.conversationId),
    refresh: (message) => perform('refresh', { message: message.id }, message.conversationId),
  };

  const say = async (text: string, replyTo?: string): Promise<boolean> => {
    try {
      const said = await act<{ notice: string | null }>('say', { person: me, conversation: place?.id, text, replyTo });
      if (said.notice !== null) show(said.notice, 'bad');
      return true;
    } catch (error) {
      show(sentenceOf(error), 'bad');
      return false;
    }
  };

  const runControl: RunControl = async (control, change) => {
    try {
      const done = await act<{ notice: string | null }>('panel', {
        person: me,
        conversation: place?.id,
        control,
        ...change,
      });
      if (done.notice !== null) show(done.notice);
      refresh();
    } catch (error) {
      show(sentenceOf(error), 'bad');
    }
  };

  const look = (messages: readonly WireMessage[]) => {
    const ids = messages.filter((message) => message.canRefresh).map((message) => message.id);
    // A refresh that fails leaves the card as it is, as in Teams.
    if (ids.length > 0) act('look', { person: me, ids: ids.join(',') }).catch(() => undefined);
  };

  const readTo = (upTo: string) => {
    // Unread marks are a convenience: the next message tries again.
    if (!document.hidden) act('read', { person: me, conversation: place?.id, upTo }).catch(() => undefined);
  };

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
          actions={actions}
          onReply={(root, text) => say(text, root.id)}
          onSeen={look}
          onReadTo={readTo}
        />
        <Compose
          key={place.id}
          label={`Message in ${place.name}`}
          placeholder={place.kind === 'channel' ? 'Type / for commands or @ to mention' : 'Type a message'}
          names={names}
          commands={state.commands}
          isDisabled={isSwitching || (place.kind === 'personal' && !place.installed)}
          onSend={(text) => say(text)}
        />
      </main>
      <aside class="panel" aria-label="Make things happen">
        <div class="panel-head">
          <h2>Make things happen</h2>
          <button type="button" class="icon-button only-not-wide" aria-label="Close" onClick={() => setDrawer(null)}>
            <Icon name="close" />
          </button>
        </div>
        <Panel controls={state.panel} onRun={runControl} />
      </aside>
      {drawer !== null && <div class="shade" onClick={() => setDrawer(null)} />}
      {dialog && (
        <DialogView
          key={dialog.serial}
          dialog={dialog.dialog}
          onClose={() => setDialog((open) => (open?.serial === dialog.serial ? null : open))}
          onSubmit={(data) => perform('dialog', { conversation: dialog.conversationId, data }, dialog.conversationId)}
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
