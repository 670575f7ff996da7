import type { JSX } from 'preact';

import type { WirePerson, WirePlace, WireState } from '../wire.js';
import { Avatar } from './avatar.js';
import { Icon } from './icons.js';
import { rove } from './use-roving.js';

interface SidebarProps {
  readonly state: WireState;
  /** Whom the browser acts as; the state follows a moment later. */
  readonly personId: string;
  readonly conversationId: string;
  readonly onPerson: (id: string) => void;
  readonly onConversation: (id: string) => void;
}

export function Sidebar({ state, personId, conversationId, onPerson, onConversation }: SidebarProps): JSX.Element {
  const tenants = [...new Set(state.people.map((person) => person.tenantName))];
  const place = (one: WirePlace) => (
    <Place key={one.id} place={one} isCurrent={one.id === conversationId} onChoose={() => onConversation(one.id)} />
  );
  return (
    <>
      <fieldset class="people">
        <legend>You are</legend>
        {tenants.map((tenant) => (
          <div class="people-group" key={tenant}>
            {tenants.length > 1 && <p class="people-tenant">{tenant}</p>}
            {state.people
              .filter((person) => person.tenantName === tenant)
              .map((person) => (
                <PersonChoice key={person.id} person={person} isMe={person.id === personId} onChoose={onPerson} />
              ))}
          </div>
        ))}
      </fieldset>
      <nav class="places" aria-label="Chats and channels" onKeyDown={rove}>
        <h2>Chat</h2>
        <ul>{state.chats.map(place)}</ul>
        <h2>Teams and channels</h2>
        {state.teams.length === 0 && <p class="hint">{state.me.name} is in no team.</p>}
        {state.teams.map((team) => (
          <div class="team" key={team.id}>
            <p class="team-name">
              <span class="team-picture" aria-hidden="true">
                {team.name.slice(0, 2)}
              </span>
              {team.name}
            </p>
            <ul>{team.channels.map(place)}</ul>
          </div>
        ))}
      </nav>
    </>
  );
}

function PersonChoice(props: { person: WirePerson; isMe: boolean; onChoose: (id: string) => void }): JSX.Element {
  const { person, isMe, onChoose } = props;
  return (
    <label class={`person${isMe ? ' person-me' : ''}`}>
      <input type="radio" name="person" checked={isMe} onChange={() => onChoose(person.id)} />
      <Avatar name={person.name} kind="person" size={32} />
      <span class="person-text">
        <span class="person-name">{person.name}</span>
        <span class="person-title">
          {person.isGuest && !/guest/i.test(person.title) ? `${person.title} (guest)` : person.title}
        </span>
      </span>
      {!isMe && person.unread > 0 && <Unread count={person.unread} isQuiet />}
    </label>
  );
}

function Place(props: { place: WirePlace; isCurrent: boolean; onChoose: () => void }): JSX.Element {
  const { place, isCurrent, onChoose } = props;
  return (
    <li>
      <button
        type="button"
        data-rove
        class={`place${isCurrent ? ' place-current' : ''}${place.unread > 0 ? ' place-unread' : ''}`}
        aria-current={isCurrent ? 'page' : undefined}
        onClick={onChoose}
      >
        {place.kind === 'personal' ? <Avatar name={place.name} kind="bot" size={24} /> : <Icon name="channel" />}
        <span class="place-name">{place.name}</span>
        {!place.installed && <span class="tag">App removed</span>}
        {place.mentions > 0 && (
          <span class="at-mark" title="You were mentioned">
            @<span class="unseen"> you were mentioned</span>
          </span>
        )}
        {place.unread > 0 && <Unread count={place.unread} />}
      </button>
    </li>
  );
}

function Unread({ count, isQuiet = false }: { count: number; isQuiet?: boolean }): JSX.Element {
  return (
    <span class={isQuiet ? 'badge badge-quiet' : 'badge'}>
      {count > 99 ? '99+' : count}
      <span class="unseen"> unread</span>
    </span>
  );
}
