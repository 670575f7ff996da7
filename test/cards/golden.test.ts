import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { CARD_SCHEMA } from '../../cards/card.js';
import { gallery } from './gallery.js';

const folder = new URL(`../golden/v${CARD_SCHEMA}/`, import.meta.url);

/**
 * The cards that this release leaves in channels. A difference is either a mistake or a decision: UPDATE_GOLDEN=1 rewrites them,
 * and a change of what the buttons mean needs a new CARD_SCHEMA, with the old folder kept.
 */
describe('the golden cards of this release', () => {
  const cards = gallery();

  if (process.env['UPDATE_GOLDEN'] === '1') {
    for (const [name, card] of Object.entries(cards)) {
      writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify(card, null, 2)}\n`);
    }
  }

  it('are there for everything that is drawn, and for nothing else', () => {
    assert.deepEqual(
      readdirSync(folder).sort(),
      Object.keys(cards)
        .map((name) => `${name}.json`)
        .sort(),
    );
  });

  for (const [name, card] of Object.entries(cards)) {
    it(`${name} is drawn as it was`, () => {
      assert.deepEqual(card, JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')));
    });
  }
});
