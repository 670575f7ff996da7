import type { DirectoryPerson } from '../../../sandbox/teams/directory.js';
import { cardOf } from '../../../sandbox/teams/message.js';
import type { Installation } from '../../helpers/installation.js';
import { wordsOf } from '../../helpers/shown.js';

/** Conversation id of the personal chat with the bot. */
export function chatOf(on: Installation, { aadObjectId }: DirectoryPerson): string {
  const person = [...on.teams.people.values()].find((one) => one.aadObjectId === aadObjectId);
  const chat = [...on.teams.conversations.values()].find((one) => one.personId === person?.id);
  if (!chat) throw new Error('nobody has this chat');
  return chat.id;
}

/** Says something in the personal chat; resolves to the words of the answer. */
export async function ask(on: Installation, person: DirectoryPerson, text: string): Promise<string> {
  const chat = chatOf(on, person);
  await on.teams.say(person.aadObjectId, chat, text);
  return lastWords(on, chat);
}

export function lastWords(on: Installation, conversation: string): string {
  const last = on.teams.messages(conversation).at(-1);
  return last ? last.text || wordsOf(cardOf(last)) : '';
}
