import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { WireCommand, WireMessage } from '../wire.js';
import { Compose } from './compose.js';
import { Icon } from './icons.js';
import { MessageBody } from './message.js';
import type { MessageActions } from './message.js';

interface ThreadProps {
  readonly root: WireMessage;
  readonly isOpen: boolean;
  readonly now: number;
  readonly actions: MessageActions;
  readonly names: readonly string[];
  readonly commands: readonly WireCommand[];
  readonly onToggle: () => void;
  readonly onReply: (text: string) => Promise<boolean>;
}

/** The replies under a post: the newest one, all on request, and a place to answer. */
export function Thread({ root, isOpen, now, actions, names, commands, onToggle, onReply }: ThreadProps): JSX.Element {
  const [isWriting, setWriting] = useState(false);
  const thread = root.replies;
  return (
    <div class="thread">
      {thread && thread.total > 1 && (
        <button type="button" class="quiet thread-toggle" aria-expanded={isOpen} onClick={onToggle}>
          <span class={`twist${isOpen ? ' twist-open' : ''}`}>
            <Icon name="chevron" />
          </span>
          {isOpen
            ? `Collapse ${thread.total} replies`
            : `See all ${thread.total} replies from ${thread.authors.join(', ')}`}
        </button>
      )}
      {thread && (
        <div class="replies">
          {thread.messages.map((reply) => (
            <MessageBody key={reply.id} message={reply} now={now} actions={actions} isReply />
          ))}
        </div>
      )}
      {isWriting ? (
        <Compose
          label="Reply"
          placeholder="Reply. Type @ to mention the bot."
          names={names}
          commands={commands}
          autoFocus
          onSend={onReply}
          onCancel={() => setWriting(false)}
        />
      ) : (
        <button type="button" class="quiet reply-button" onClick={() => setWriting(true)}>
          <Icon name="reply" /> Reply
        </button>
      )}
    </div>
  );
}
