import { directButton } from './buttons.js';
import { drawWithin } from './card.js';
import type { Card } from './card.js';
import { drawCard } from './layout.js';
import { expand } from './templates.js';
import { asPlain, asRun } from './text.js';
import { count } from './words.js';

interface MessageLine {
  /** Set in bold before the text; '' for none. */
  readonly strong: string;
  readonly text: string;
}

export interface HelpLine {
  readonly command: string;
  readonly does: string;
}

/** What the first sync of a tenant did. */
export interface FirstSync {
  readonly tenantName: string;
  /** Alerts of the last 30 days that were read. */
  readonly mirrored: number;
  /** Of these, the ones that became alerts to triage. */
  readonly opened: number;
  /** Records that were malformed. */
  readonly skipped: number;
}

/** One of several things that a command may have meant; `data` is what the button sends and must carry a verb. */
export interface Choice {
  readonly title: string;
  readonly data: Readonly<Record<string, string | number>> & { readonly verb: string };
}

const CHOICES = 6;
const HEADING = 120;

interface MessageLimits {
  readonly lines: number;
  /** Characters of each line. */
  readonly text: number;
}

const messageLimits: readonly [MessageLimits, ...MessageLimits[]] = [
  { lines: 40, text: 600 },
  { lines: 40, text: 120 },
  { lines: 20, text: 120 },
];

function drawMessage(
  about: string,
  heading: string,
  lines: readonly MessageLine[],
  choices: readonly Choice[] = [],
): Card {
  return drawWithin(messageLimits, (limits) => {
    const drawn = lines
      .slice(0, limits.lines)
      .map(({ strong, text }) => ({ strong: asRun(strong, 60), text: asRun(text, limits.text) }))
      .filter(({ strong, text }) => strong !== '' || text !== '');
    if (lines.length > limits.lines)
      drawn.push({ strong: '', text: `${lines.length - limits.lines} more are not shown.` });
    const words = drawn.map(({ strong, text }) => [strong, text].filter(Boolean).join(' ')).join('. ');
    return drawCard({
      about,
      fallbackText: `${heading}. ${words}`,
      summary: heading,
      body: [expand('message', { heading: asPlain(heading, HEADING), lines: drawn })],
      actions: choices.slice(0, CHOICES).map(({ title, data }) => directButton(asPlain(title, 60), data)),
    });
  });
}

export function drawHelp(lines: readonly HelpLine[]): Card {
  const drawn = lines.map(({ command, does }) => ({ strong: command, text: does }));
  return drawMessage('help', 'What you can say', drawn);
}

/** A sentence as an answer; both parts may hold untrusted text. */
export function drawNotice(title: string, text: string): Card {
  return drawMessage('notice', title, [{ strong: '', text }]);
}

/** "27 alerts mirrored, 12 opened." */
export function drawSummary(sync: FirstSync): Card {
  const text = `${count(sync.mirrored, 'alert')} mirrored, ${sync.opened.toLocaleString('en')} opened.`;
  const skipped =
    sync.skipped > 0
      ? `${count(sync.skipped, 'record')} could not be read and ${sync.skipped === 1 ? 'was' : 'were'} skipped.`
      : '';
  const rule =
    'Unresolved alerts of the last 24 hours are opened for triage; older and resolved ones are kept for reference.';
  return drawMessage('summary', `First sync of ${asRun(sync.tenantName, 80)}`, [
    { strong: text, text: rule },
    { strong: '', text: skipped },
  ]);
}

/** Asks which of several people or things was meant: at most 6 buttons. */
export function drawChoice(question: string, choices: readonly Choice[]): Card {
  const left = choices.length - CHOICES;
  const more = left > 0 ? `${left} more would fit; be more exact if yours is not here.` : '';
  return drawMessage('choice', question, [{ strong: '', text: more }], choices);
}
