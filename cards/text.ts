const UNITS_READ = 65_536;
const MARKS_KEPT = 4;

/** Controls, format characters (bidi, zero-width, tags), lone surrogates and whatever else draws nothing; not the emoji selector. */
const INVISIBLE = /(?!\uFE0F)[\p{Cc}\p{Cf}\p{Cs}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}]/gu;
const WHITE = /[\s\u0085\u2800]+/gu;
const STACKED_MARKS = new RegExp(`(\\p{M}{${MARKS_KEPT}})\\p{M}+`, 'gu');

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

function coerce(value: unknown): string {
  if (typeof value === 'string') return value.slice(0, UNITS_READ);
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint' ? String(value) : '';
}

function visible(value: unknown): string {
  const spaced = coerce(value).replace(WHITE, ' ').replace(INVISIBLE, '').normalize('NFC');
  return spaced.replace(STACKED_MARKS, '$1').replace(WHITE, ' ').trim();
}

/** At most `max` characters as people count them, and about 2 * max UTF-16 units, ending in an ellipsis when cut. */
function cap(text: string, max: number): string {
  if (text.length <= max) return text;
  const kept: string[] = [];
  let units = 0;
  for (const { segment } of graphemes.segment(text.slice(0, 2 * max + 64))) {
    units += segment.length;
    if (kept.length === max || units > 2 * max)
      return `${kept
        .slice(0, max - 1)
        .join('')
        .trimEnd()}…`;
    kept.push(segment);
  }
  return kept.join('');
}

/** Renderers replace {{DATE()}} and {{TIME()}} in text runs too. */
function breakMacros(text: string): string {
  return text.replace(/\{(?=\{)/g, '{ ');
}

/**
 * Untrusted text for a TextRun, where markdown is not read: one line, nothing invisible, no macro, no mention tag; otherwise as
 * it was sent. Anything that is not text becomes ''. `max` counts characters, the ellipsis included.
 */
export function asRun(value: unknown, max: number): string {
  return cap(breakMacros(visible(value)).replace(/<(?=\s*\/?\s*at\b)/gi, '‹'), max);
}

/** Look-alikes instead of backslashes: clients differ in whether they remove a backslash, and toasts never do. */
const LOOK_ALIKES: ReadonlyMap<string, string> = new Map([
  ['*', '∗'],
  ['[', '［'],
  [']', '］'],
  ['`', 'ˋ'],
  ['~', '∼'],
  ['<', '‹'],
  ['>', '›'],
]);

function disarmMarkdown(text: string): string {
  return text
    .replace(/[*[\]`~<>]/g, (sign) => LOOK_ALIKES.get(sign) ?? sign)
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, 'ˍ')
    .replace(/&(?=#|\w+;)/g, '＆')
    .replace(/^#/, '＃')
    .replace(/^-/, '‑')
    .replace(/^\+/, '＋')
    .replace(/^(\d+)[.)](?=\s|$)/, '$1․');
}

function defang(text: string): string {
  return text
    .replace(/http(?=s?:)/gi, 'hxxp')
    .replace(/(?<!hxxps?)(:)(?=\/\/)|(?<=\b(?:mailto|javascript|data|vbscript|file|tel)):/gi, '꞉')
    .replace(/\bwww\./gi, 'www․');
}

/**
 * Untrusted text for places that may read markdown or be read aloud as they are (TextBlock, FactSet, choice titles, toasts,
 * fallback text): readable, and inert whether or not markdown, HTML or links are recognised there.
 */
export function asPlain(value: unknown, max: number): string {
  return cap(disarmMarkdown(defang(breakMacros(visible(value)))), max);
}

/** The Defender portals of Microsoft's clouds: worldwide and GCC, GCC High, DoD. */
const PORTALS: ReadonlySet<string> = new Set(['security.microsoft.com', 'security.microsoft.us', 'security.apps.mil']);
const ENTRA_TENANT = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const LINK_UNITS = 600;

function parsed(url: unknown): URL | null {
  return typeof url === 'string' && URL.canParse(url) ? new URL(url) : null;
}

function isPortal(url: URL): boolean {
  return url.protocol === 'https:' && PORTALS.has(url.hostname) && url.port === '' && !url.username && !url.password;
}

/**
 * The first of `urls` that leads to a Defender portal, kept to its path and pinned to `entraTenantId`; null when none does or
 * the tenant is not known, because the portal would then open in the reader's own tenant.
 */
export function defenderLink(urls: readonly unknown[], entraTenantId: string | null): string | null {
  if (!entraTenantId || !ENTRA_TENANT.test(entraTenantId)) return null;
  const url = urls.map(parsed).find((candidate) => candidate !== null && isPortal(candidate));
  const link = url ? `https://${url.hostname}${url.pathname}?tid=${entraTenantId.toLowerCase()}` : null;
  return link && link.length <= LINK_UNITS ? link : null;
}

/** The page of a device in the Defender portal; null when Defender does not know it. */
export function deviceLink(microsoftDeviceId: string | null, entraTenantId: string | null): string | null {
  const id = asRun(microsoftDeviceId, 100);
  return id ? defenderLink([`https://security.microsoft.com/machines/${encodeURIComponent(id)}`], entraTenantId) : null;
}
