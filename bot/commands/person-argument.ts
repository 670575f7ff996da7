import type { Actor, Person } from '../../domain/access/actor.js';
import { DomainError } from '../../domain/errors.js';
import type { CommandCall } from './command.js';

export interface PersonArgument {
  readonly person: Person;
  /** Place of the first word after the person. */
  readonly next: number;
}

/** Words that a name may have without quotes. */
const LONGEST_NAME = 4;

/** Whom the words from `place` on mean among those who may do alert work. */
export async function personAt(call: CommandCall, who: Actor, place: number): Promise<PersonArgument> {
  return personAmong(call, await call.services.access.assignees(who), place);
}

/**
 * Whom the words from `place` on mean: a mention, or a name that fits exactly one of those who may do the work.
 * Throws DomainError when nobody or more than one is meant.
 */
export async function personAmong(
  call: CommandCall,
  people: readonly Person[],
  place: number,
): Promise<PersonArgument> {
  const mention = call.args.mention(place);
  if (mention) {
    const objectId = await call.people.mentioned(mention);
    const person = people.find((one) => objectId !== null && one.aadObjectId?.toLowerCase() === objectId);
    if (person) return { person, next: place + 1 };
    const name = mention.mentioned.name ?? 'That person';
    throw new DomainError('invalid', `${name} may not do this work here. Choose a security analyst of this tenant.`);
  }
  return byName(call, people, place);
}

function byName(call: CommandCall, people: readonly Person[], place: number): PersonArgument {
  for (let words = Math.min(LONGEST_NAME, call.args.count - place); words > 0; words--) {
    const said = Array.from({ length: words }, (_, index) => call.args.word(place + index) ?? '').join(' ');
    const found = people.filter((person) => isCalled(person, said));
    const [only, ...others] = found;
    if (only && others.length === 0) return { person: only, next: place + words };
    if (only) throw new DomainError('invalid', `Several people are called ${said}. Mention the one you mean with @.`);
  }
  const said = call.args.word(place);
  throw new DomainError(
    'invalid',
    said
      ? `Nobody called ${said} may do this work here. Mention the person with @.`
      : 'Say who: mention the person with @.',
  );
}

function isCalled(person: Person, said: string): boolean {
  const [name, wanted] = [person.displayName, said.replace(/^@/, '')].map((text) =>
    text.toLocaleLowerCase('en').trim(),
  );
  return name === wanted || (wanted !== '' && (name ?? '').startsWith(`${wanted} `));
}
