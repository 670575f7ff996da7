/** White space, then one token: a mark, a string, or a literal. */
const token =
  // eslint-disable-next-line no-control-regex
  /\s*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/uy;

type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or end';

/** Where a text stops being JSON, as line and column from 1: Node tells the place for some faults only. */
export function placeOfFault(text: string): string {
  const before = text.slice(0, faultOffset(text)).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

function faultOffset(text: string): number {
  const open: string[] = [];
  let expected: Expected = 'value';
  token.lastIndex = 0;
  for (let end = 0; ; end = token.lastIndex) {
    const start = end + (/^\s*/.exec(text.slice(end, end + 10_000))?.[0].length ?? 0);
    const found = token.exec(text);
    const next: Expected | null =
      found && follow(expected, found[1] ?? (found[2] === undefined ? 'literal' : 'string'), open);
    if (!next) return start;
    expected = next;
  }
}

/** What may come after a token, or null when it may not stand here. `open` holds the brackets around the place. */
function follow(expected: Expected, kind: string, open: string[]): Expected | null {
  const mayClose = expected === ', or end' || expected === (open.at(-1) === '{' ? 'key or }' : 'value or ]');
  if (kind === '}' || kind === ']') {
    return mayClose && open.pop() === (kind === '}' ? '{' : '[') ? ', or end' : null;
  }
  if (kind === ',') return expected === ', or end' && open.length > 0 ? (open.at(-1) === '{' ? 'key' : 'value') : null;
  if (kind === ':') return expected === ':' ? 'value' : null;
  if (expected === 'key' || expected === 'key or }') return kind === 'string' ? ':' : null;
  if (expected !== 'value' && expected !== 'value or ]') return null;
  if (kind === '{' || kind === '[') {
    open.push(kind);
    return kind === '{' ? 'key or }' : 'value or ]';
  }
  return ', or end';
}
