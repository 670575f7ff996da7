import type { JSX } from 'preact';

import type { WireMessage } from '../wire.js';
import { Avatar } from './avatar.js';
import { Byline, Content } from './message.js';
import type { MessageActions } from './message.js';

/** A message of a personal chat: a bubble, one's own on the right. */
export function ChatMessage(props: { message: WireMessage; now: number; actions: MessageActions }): JSX.Element {
  const { message, now, actions } = props;
  return (
    <div class={`chat${message.isMine ? ' chat-mine' : ''}`}>
      {!message.isMine && <Avatar name={message.from.name} kind={message.from.kind} size={32} />}
      <div class="chat-main">
        <Byline message={message} now={now} />
        <div class={message.card ? 'chat-card' : 'bubble'}>
          <Content message={message} actions={actions} />
        </div>
      </div>
    </div>
  );
}
