import type { Conversation, Places } from './directory.js';
import { noJournal, readJournal, startJournal } from './journal.js';
import type { Journal } from './journal.js';
import { isRecord } from './message.js';
import type { Message, MessageContent } from './message.js';

/** Everything that was said, and what each person has read. One writer; every change goes to the journal as well. */
export interface Memory {
  add(
    message: Omit<Message, 'id' | 'rootId' | 'sentAt' | 'editedAt' | 'deletedAt' | 'version'> & {
      rootId: string | null;
    },
  ): Message;
  edit(id: string, content: MessageContent): Message | null;
  remove(id: string): Message | null;
  message(id: string): Message | null;
  /** Root posts, oldest first. */
  roots(conversationId: string): readonly string[];
  /** Replies to one root post, oldest first. */
  replies(rootId: string): readonly string[];
  /** The id of the newest message this person has read there; '' for none. */
  readUpTo(personId: string, conversationId: string): string;
  markRead(personId: string, conversationId: string, messageId: string): void;
  setInstalled(scope: string, installed: boolean): void;
  setDeleted(conversation: Conversation, deleted: boolean): void;
  close(): void;
}

type Entry =
  | { t: 'message'; message: Message }
  | { t: 'read'; person: string; conversation: string; upTo: string }
  | { t: 'installed'; scope: string; installed: boolean }
  | { t: 'deleted'; conversation: string; deleted: boolean };

export function createMemory(places: Places, now: () => Date, stateFile?: string): Memory {
  const messages = new Map<string, Message>();
  const roots = new Map<string, string[]>();
  const replies = new Map<string, string[]>();
  const reads = new Map<string, string>();
  let newest = 0;
  let journal: Journal = noJournal;

  function keep(message: Message): void {
    if (!messages.has(message.id)) {
      const [lists, key] = message.rootId === message.id ? [roots, message.conversationId] : [replies, message.rootId];
      const list = lists.get(key);
      if (list) list.push(message.id);
      else lists.set(key, [message.id]);
      newest = Math.max(newest, Number(message.id));
    }
    messages.set(message.id, message);
  }

  function apply(entry: Entry): void {
    if (entry.t === 'message') keep(entry.message);
    else if (entry.t === 'read') reads.set(`${entry.person} ${entry.conversation}`, entry.upTo);
    else if (entry.t === 'installed') install(entry.scope, entry.installed);
    else {
      const conversation = places.conversations.get(entry.conversation);
      if (conversation) conversation.deleted = entry.deleted;
    }
  }

  function install(scope: string, installed: boolean): void {
    const place = places.teams.get(scope) ?? places.conversations.get(scope);
    if (place) place.installed = installed;
  }

  function change(entry: Entry): void {
    apply(entry);
    journal.append(entry);
  }

  function* snapshot(): Generator<Entry> {
    for (const message of messages.values()) yield { t: 'message', message };
    for (const [key, upTo] of reads) {
      const [person = '', conversation = ''] = key.split(' ');
      yield { t: 'read', person, conversation, upTo };
    }
    for (const team of places.teams.values()) yield { t: 'installed', scope: team.id, installed: team.installed };
    for (const one of places.conversations.values()) {
      if (one.kind === 'personal') yield { t: 'installed', scope: one.id, installed: one.installed };
      if (one.deleted) yield { t: 'deleted', conversation: one.id, deleted: true };
    }
  }

  if (stateFile !== undefined) {
    for (const entry of readJournal(stateFile)) if (isEntry(entry)) apply(entry);
    journal = startJournal(stateFile, snapshot());
  }

  function replace(id: string, with_: (old: Message) => Message): Message | null {
    const old = messages.get(id);
    if (!old || old.deletedAt !== null) return null;
    const message = with_(old);
    change({ t: 'message', message });
    return message;
  }

  return {
    add: (draft) => {
      newest = Math.max(newest + 1, now().getTime());
      const id = String(newest);
      const sentAt = new Date(newest).toISOString();
      const rootId = draft.rootId ?? id;
      const message: Message = { ...draft, id, rootId, sentAt, editedAt: null, deletedAt: null, version: 1 };
      change({ t: 'message', message });
      return message;
    },
    edit: (id, content) =>
      replace(id, (old) => ({ ...old, ...content, editedAt: now().toISOString(), version: old.version + 1 })),
    remove: (id) =>
      replace(id, (old) => ({
        ...old,
        text: '',
        attachments: [],
        mentions: [],
        deletedAt: now().toISOString(),
        version: old.version + 1,
      })),
    message: (id) => messages.get(id) ?? null,
    roots: (conversationId) => roots.get(conversationId) ?? [],
    replies: (rootId) => replies.get(rootId) ?? [],
    readUpTo: (personId, conversationId) => reads.get(`${personId} ${conversationId}`) ?? '',
    markRead: (person, conversation, upTo) => change({ t: 'read', person, conversation, upTo }),
    setInstalled: (scope, installed) => change({ t: 'installed', scope, installed }),
    setDeleted: (conversation, deleted) => change({ t: 'deleted', conversation: conversation.id, deleted }),
    close: () => journal.close(),
  };
}

function isEntry(value: unknown): value is Entry {
  return isRecord(value) && typeof value['t'] === 'string';
}
