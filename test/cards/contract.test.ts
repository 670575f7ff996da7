import assert from 'node:assert/strict';
import type { ValidateFunction } from 'ajv';
import { CARD_BYTES, cardBytes } from '../../cards/card.js';
import { gallery } from './gallery.js';
import { teamsCardValidator } from './teams-schema.js';
import { ofType, parts } from './walk.js';

describe('cards keep the contract with Teams', () => {
  let isTeamsCard: ValidateFunction;
  before(function () {
    this.timeout(60_000);
    isTeamsCard = teamsCardValidator();
  });

  it('refuses a card with an unknown property, so that the next tests can fail', () => {
    const card = { type: 'AdaptiveCard', version: '1.5', body: [{ type: 'TextBlock', text: 'x', colour: 'Good' }] };
    assert.equal(isTeamsCard(card), false);
  });

  for (const [name, card] of Object.entries(gallery())) {
    describe(name, () => {
      it('is a card of the strict Teams schema, in version 1.5', () => {
        assert.ok(isTeamsCard(card), JSON.stringify(isTeamsCard.errors?.slice(0, 5)));
        assert.equal(card['version'], '1.5');
      });

      it('has a text for clients that cannot draw it, a language and a schema number', () => {
        assert.match(String(card['fallbackText']), /\w{4}/);
        assert.doesNotMatch(String(card['fallbackText']), /\{\{/);
        assert.equal(card['lang'], 'en');
        assert.match(String(card['id']), /^avian-[a-z]+-1$/);
      });

      it('is small, leaves no template expression behind and uses no id twice', () => {
        assert.ok(cardBytes(card) <= CARD_BYTES);
        assert.doesNotMatch(JSON.stringify(card), /\$\{|undefined|NaN|\[object/);
        const ids = parts(card).flatMap((part) => (typeof part['id'] === 'string' ? [part['id']] : []));
        assert.deepEqual(ids, [...new Set(ids)]);
      });

      it('labels every input and says what is wrong with it', () => {
        for (const input of parts(card).filter((part) => String(part['type']).startsWith('Input.'))) {
          for (const property of ['label', 'errorMessage']) assert.match(String(input[property]), /\w{2}/);
          assert.equal(input['isRequired'], true);
        }
      });

      it('falls back from Action.Execute to a Submit with the same data', () => {
        for (const action of ofType(card['actions'], 'Action.Execute')) {
          const fallback = action['fallback'] as Record<string, unknown>;
          assert.equal(fallback['type'], 'Action.Submit');
          assert.deepEqual(fallback['data'], action['data']);
          assert.equal((action['data'] as Record<string, unknown>)['verb'], action['verb']);
        }
      });
    });
  }
});
