import type { WireActed, WireDialog, WireMessage } from '../wire.js';
import { act, sentenceOf } from './api.js';
import type { MessageActions } from './message.js';
import type { RunControl } from './panel.js';
import type { Toast } from './toasts.js';
import type { Feed } from './use-feed.js';

export interface OpenDialog {
  readonly dialog: WireDialog;
  readonly conversationId: string;
  readonly serial: number;
}

interface Surroundings {
  readonly person: string | null;
  /** The conversation that is open. */
  readonly place: string | null;
  readonly feed: Feed;
  readonly show: (text: string, tone?: Toast['tone']) => void;
  readonly setDialog: (change: ((old: OpenDialog | null) => OpenDialog | null) | null) => void;
  readonly refresh: () => void;
}

export interface Acts {
  readonly cards: MessageActions;
  /** Resolves to false when the text was not taken. */
  readonly say: (text: string, replyTo?: string) => Promise<boolean>;
  readonly submitDialog: (conversationId: string, data: unknown) => Promise<string | null>;
  readonly runControl: RunControl;
  readonly look: (messages: readonly WireMessage[]) => void;
  readonly readTo: (messageId: string) => void;
}

/** Everything a person can do here, sent to the server; what comes of it is shown. */
export function useActs({ person, place, feed, show, setDialog, refresh }: Surroundings): Acts {
  /** Shows what an act came to; resolves to the sentence that belongs under the card. */
  const perform = async (
    name: string,
    body: Record<string, unknown>,
    conversationId: string,
  ): Promise<string | null> => {
    try {
      const { result, message } = await act<WireActed>(name, { person, open: [...feed.open].join(','), ...body });
      if (message) feed.put(message);
      if (result.outcome === 'failed') return result.text;
      if (result.outcome === 'dialog') {
        setDialog((old) => ({ dialog: result.dialog, conversationId, serial: (old?.serial ?? 0) + 1 }));
        return null;
      }
      // Under the card, as in Teams; a dialog's card may be far away by then.
      if (result.outcome === 'message' && name !== 'dialog') return result.text;
      if (result.outcome === 'message') show(result.text);
      if (name === 'dialog') setDialog(null);
      return null;
    } catch (error) {
      return sentenceOf(error);
    }
  };

  const cards: MessageActions = {
    press: (message, action) => perform('click', { message: message.id, action }, message.conversationId),
    refresh: (message) => perform('refresh', { message: message.id }, message.conversationId),
  };

  const say = async (text: string, replyTo?: string): Promise<boolean> => {
    try {
      const said = await act<{ notice: string | null }>('say', { person, conversation: place, text, replyTo });
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
        person,
        conversation: place,
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
    if (ids.length > 0) act('look', { person, ids: ids.join(',') }).catch(() => undefined);
  };

  const readTo = (upTo: string) => {
    // Unread marks are a convenience: the next message tries again.
    if (!document.hidden) act('read', { person, conversation: place, upTo }).catch(() => undefined);
  };

  return {
    cards,
    say,
    submitDialog: (conversation, data) => perform('dialog', { conversation, data }, conversation),
    runControl,
    look,
    readTo,
  };
}
