import type { JSX } from 'preact';

import type { WirePlace, WireState } from '../wire.js';
import { Avatar } from './avatar.js';

export function ConversationHead({ place, state }: { place: WirePlace; state: WireState }): JSX.Element {
  const team = state.teams.find((one) => one.channels.some((channel) => channel.id === place.id));
  return (
    <div class="conversation-head">
      {team ? (
        <span class="team-picture" aria-hidden="true">
          {team.name.slice(0, 2)}
        </span>
      ) : (
        <Avatar name={place.name} kind="bot" size={32} />
      )}
      <div class="conversation-title">
        <h2>{place.name}</h2>
        <p>{team ? `${team.name} · ${team.tenantName}` : `Personal chat of ${state.me.name}`}</p>
      </div>
      {!place.installed && (
        <p class="notice">{state.botName} was removed from here and cannot read or write until it is added again.</p>
      )}
    </div>
  );
}
