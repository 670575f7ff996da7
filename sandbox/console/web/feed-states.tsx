import type { JSX } from 'preact';

import { Icon } from './icons.js';

export function Skeleton(): JSX.Element {
  return (
    <div class="feed-frame" aria-busy="true" aria-label="Loading messages">
      {[1, 2, 3].map((one) => (
        <div class="skeleton" key={one}>
          <i />
          <b />
          <b />
          <b />
        </div>
      ))}
    </div>
  );
}

export function Empty({
  kind,
  botName,
  label,
}: {
  kind: 'channel' | 'personal';
  botName: string;
  label: string;
}): JSX.Element {
  return (
    <div class="feed-empty">
      <span class="empty-picture" aria-hidden="true">
        <Icon name={kind === 'channel' ? 'channel' : 'chat'} />
      </span>
      <h2>{kind === 'channel' ? `Nothing has happened in ${label} yet` : `This is your chat with ${botName}`}</h2>
      <p>
        {kind === 'channel'
          ? 'Alerts appear here as cards. Raise one under “Make things happen”, or type / to see the commands.'
          : 'What concerns you alone arrives here. Type help to see what you can ask.'}
      </p>
    </div>
  );
}
