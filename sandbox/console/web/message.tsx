import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { WireMessage } from '../wire.js';
import { Avatar } from './avatar.js';
import { CardView } from './card.js';
import type { PressedAction } from './card.js';
import { Icon } from './icons.js';
import { toHtml } from './markdown.js';
import { fullTime, relativeTime } from './time.js';

export interface MessageActions {
  /** Resolves to the sentence to show under the card, or null. */
  press(message: WireMessage, action: PressedAction): Promise<string | null>;
  refresh(message: WireMessage): Promise<string | null>;
}

interface MessageProps {
  readonly message: WireMessage;
  readonly now: number;
  readonly actions: MessageActions;
  readonly isReply?: boolean;
}

export function MessageBody({ message, now, actions, isReply = false }: MessageProps): JSX.Element {
  return (
    <div
      class={`message${isReply ? ' message-reply' : ''}${message.mentions.some((one) => one.isMe) ? ' message-for-me' : ''}`}
    >
      <Avatar name={message.from.name} kind={message.from.kind} size={isReply ? 24 : 32} />
      <div class="message-main">
        <Byline message={message} now={now} />
        <Content message={message} actions={actions} />
      </div>
    </div>
  );
}

export function Byline({ message, now }: { message: WireMessage; now: number }): JSX.Element {
  return (
    <div class="byline">
      <span class="byline-name" id={`from-${message.id}`}>
        {message.from.name}
      </span>
      {message.from.kind === 'bot' && <span class="tag">App</span>}
      <time dateTime={message.sentAt} title={fullTime(message.sentAt)}>
        {relativeTime(message.sentAt, now)}
      </time>
      {message.editedAt !== null && <span title={fullTime(message.editedAt)}>Edited</span>}
      {message.isImportant && (
        <span class="important">
          <Icon name="alert" /> Important
        </span>
      )}
    </div>
  );
}

export function Content({ message, actions }: { message: WireMessage; actions: MessageActions }): JSX.Element {
  const [fault, setFault] = useState<string | null>(null);
  if (message.isDeleted) return <p class="message-gone">This message has been deleted.</p>;
  const attempt = async (work: Promise<string | null>) => {
    setFault(null);
    setFault(await work);
  };
  return (
    <>
      {message.onlyMe && (
        <p class="only-me">
          <Icon name="lock" /> Only you can see this message
        </p>
      )}
      {message.text !== '' && <Text html={toHtml(message.text, message.mentions)} />}
      {message.card && (
        <CardView
          card={message.card}
          mentions={message.mentions}
          label={`Card from ${message.from.name}`}
          onPress={(action) => attempt(actions.press(message, action))}
        />
      )}
      {fault !== null && (
        <p class="card-fault" role="alert">
          <Icon name="alert" /> {fault}
        </p>
      )}
      {message.canRefresh && (
        <button
          type="button"
          class="icon-button refresh"
          aria-label="Refresh card"
          title="Refresh card"
          onClick={() => void attempt(actions.refresh(message))}
        >
          <Icon name="refresh" />
        </button>
      )}
    </>
  );
}

function Text({ html }: { html: string }): JSX.Element {
  return <div class="text" dangerouslySetInnerHTML={{ __html: html }} />;
}
