import assert from 'node:assert/strict';
import type { ValidateFunction } from 'ajv';
import MarkdownIt from 'markdown-it';
import { CARD_BYTES, cardBytes } from '../../cards/card.js';
import type { Card } from '../../cards/card.js';
import { ofType, parts } from './walk.js';

const markdown = new MarkdownIt({ html: true, linkify: true });
const MACRO = /\{\{(DATE|TIME)\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ(, SHORT)?\)\}\}/g;
const UNSEEN = /(?!\uFE0F)[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/u;
const PORTAL =
  /^https:\/\/security\.(microsoft\.com|microsoft\.us)\/[^?#]*\?tid=[0-9a-f-]{36}$|^https:\/\/security\.apps\.mil\//;

/** What holds for every card, whoever wrote the texts in it. */
export function isHarmless({ content, summary }: Card, isTeamsCard: ValidateFunction): void {
  assert.ok(cardBytes(content) <= CARD_BYTES, `${cardBytes(content)} bytes`);
  assert.ok(isTeamsCard(content), JSON.stringify(isTeamsCard.errors?.slice(0, 3)));
  assert.doesNotMatch(JSON.stringify(content).replaceAll('\\n', ''), UNSEEN);
  for (const block of ofType(content, 'TextBlock')) isInert(String(block['text']).replace(MACRO, 'now'));
  for (const run of ofType(content, 'TextRun')) assert.doesNotMatch(String(run['text']), /\{\{|<\s*\/?\s*at\b/i);
  for (const link of ofType(content, 'Action.OpenUrl')) assert.match(String(link['url']), PORTAL);
  assert.deepEqual(ofType(content, 'Image'), []);
  for (const { selectAction } of parts(content).filter((part) => part['selectAction'] !== undefined))
    assert.match((selectAction as { type: string }).type, /^Action\.(ToggleVisibility|OpenUrl)$/);
  isInert(summary);
  isInert(String(content['fallbackText']));
}

function isInert(text: string): void {
  assert.doesNotMatch(text, /\{\{/);
  assert.doesNotMatch(markdown.render(text), /<(?!\/?p>)(?!a href="http:\/\/[^/"]*"|a href="mailto:|\/a>)|https:/);
}
