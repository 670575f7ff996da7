const token = /\s*("(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:])/gy;

type Json = { readonly text: string } | { readonly items: Json[] } | { readonly members: Map<string, Json> };

/**
 * One spelling for one JSON value: keys in code unit order, no white space, strings as JSON.stringify writes them. Numbers keep
 * the digits they were written with, because a JavaScript number would lose some. Throws SyntaxError.
 */
export function canonicalJson(text: string): string {
  const tokens = tokensOf(text);
  let at = 0;
  const next = (): string => {
    const found = tokens[at++];
    if (found === undefined) throw new SyntaxError('JSON text ends early');
    return found;
  };
  const value = parseValue(next, () => tokens[at]);
  if (at !== tokens.length) throw new SyntaxError('text after the JSON value');
  return write(value);
}

function tokensOf(text: string): string[] {
  const found = [...text.matchAll(token)];
  const end = found.reduce((sum, match) => sum + match[0].length, 0);
  if (text.slice(end).trim() !== '') throw new SyntaxError('not JSON');
  return found.map((match) => match[1] ?? '');
}

function parseValue(next: () => string, peek: () => string | undefined): Json {
  const first = next();
  if (first === '[') return { items: parseItems(next, peek) };
  if (first === '{') return { members: parseMembers(next, peek) };
  if (/^[\]},:]$/.test(first)) throw new SyntaxError(`unexpected ${first}`);
  return { text: first.startsWith('"') ? JSON.stringify(JSON.parse(first)) : first };
}

function parseItems(next: () => string, peek: () => string | undefined): Json[] {
  const items: Json[] = [];
  if (peek() === ']') {
    next();
    return items;
  }
  do items.push(parseValue(next, peek));
  while (goesOn(next(), ']'));
  return items;
}

function parseMembers(next: () => string, peek: () => string | undefined): Map<string, Json> {
  const members = new Map<string, Json>();
  if (peek() === '}') {
    next();
    return members;
  }
  do {
    const key = JSON.stringify(JSON.parse(next()));
    if (next() !== ':') throw new SyntaxError('a colon is missing');
    members.set(key, parseValue(next, peek));
  } while (goesOn(next(), '}'));
  return members;
}

function goesOn(separator: string, end: string): boolean {
  if (separator !== ',' && separator !== end) throw new SyntaxError(`unexpected ${separator}`);
  return separator === ',';
}

function write(value: Json): string {
  if ('text' in value) return value.text;
  if ('items' in value) return `[${value.items.map(write).join(',')}]`;
  const sorted = [...value.members].sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${sorted.map(([key, member]) => `${key}:${write(member)}`).join(',')}}`;
}
