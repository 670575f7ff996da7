import { createRequire } from 'node:module';
import type { CardContent } from './card.js';
import card from './templates/card.json' with { type: 'json' };
import choiceRows from './templates/choice-rows.json' with { type: 'json' };
import clocks from './templates/clocks.json' with { type: 'json' };
import details from './templates/details.json' with { type: 'json' };
import dialogIntro from './templates/dialog-intro.json' with { type: 'json' };
import facts from './templates/facts.json' with { type: 'json' };
import header from './templates/header.json' with { type: 'json' };
import hint from './templates/hint.json' with { type: 'json' };
import inputChoice from './templates/input-choice.json' with { type: 'json' };
import inputText from './templates/input-text.json' with { type: 'json' };
import lines from './templates/lines.json' with { type: 'json' };
import linkedAlerts from './templates/linked-alerts.json' with { type: 'json' };
import listRows from './templates/list-rows.json' with { type: 'json' };
import message from './templates/message.json' with { type: 'json' };
import notice from './templates/notice.json' with { type: 'json' };
import seen from './templates/seen.json' with { type: 'json' };
import syncRows from './templates/sync-rows.json' with { type: 'json' };

interface Templating {
  readonly Template: new (layout: object) => { expand(context: { readonly $root: CardContent }): unknown };
}

/** Its own types pull TypeScript sources of another package into the program, which do not compile with our settings. */
const { Template } = createRequire(import.meta.url)('adaptivecards-templating') as Templating;

/** Compiled when this file is loaded, so that a template with a syntax error fails the start; compiling per card costs five times the drawing. */
const templates = {
  card: new Template(card),
  choiceRows: new Template(choiceRows),
  clocks: new Template(clocks),
  details: new Template(details),
  dialogIntro: new Template(dialogIntro),
  facts: new Template(facts),
  header: new Template(header),
  hint: new Template(hint),
  inputChoice: new Template(inputChoice),
  inputText: new Template(inputText),
  lines: new Template(lines),
  linkedAlerts: new Template(linkedAlerts),
  listRows: new Template(listRows),
  message: new Template(message),
  notice: new Template(notice),
  seen: new Template(seen),
  syncRows: new Template(syncRows),
};

export type TemplateName = keyof typeof templates;

/**
 * Fills a layout. `data` must hold every name that the layout reads (a missing one is printed as it stands there), each a string
 * from text.ts or words of ours, or a structure that we built: an object would become part of the card.
 */
export function expand(name: TemplateName, data: CardContent): CardContent {
  return templates[name].expand({ $root: data }) as CardContent;
}
