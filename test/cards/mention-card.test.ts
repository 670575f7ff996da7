import assert from 'node:assert/strict';
import { drawMention } from '../../cards/mention-card.js';
import { faultOfCard } from '../../sandbox/teams/card-check.js';

const maya = { aadObjectId: '5eed0000-0000-4000-8000-000000000013', name: 'Maya Chen' };

interface Content {
  readonly body: readonly { readonly items: readonly { readonly text: string }[] }[];
  readonly msteams: { readonly entities: readonly { text: string; mentioned: { id: string; name: string } }[] };
}

describe('a message that mentions people', () => {
  const draw = (...given: Parameters<typeof drawMention>) => {
    const card = drawMention(...given);
    const content = card.content as unknown as Content;
    return { card, text: content.body[0]?.items[0]?.text ?? '', entities: content.msteams.entities };
  };

  it('names them by Entra object id, with tags that stand in the text', () => {
    const { card, text, entities } = draw([maya], 'ACT-7 waits.');
    assert.equal(text, '<at>Maya Chen</at>: ACT-7 waits.');
    assert.deepEqual(entities, [
      { type: 'mention', text: '<at>Maya Chen</at>', mentioned: { id: maya.aadObjectId, name: 'Maya Chen' } },
    ]);
    assert.equal(card.summary, 'Maya Chen: ACT-7 waits.');
    assert.equal(faultOfCard(card.content), null);
  });

  it('keeps two people of one name apart', () => {
    const other = { ...maya, aadObjectId: '5eed0000-0000-4000-8000-000000000014' };
    const { entities } = draw([maya, other], 'ACT-7 waits.');
    assert.deepEqual(
      entities.map(({ text, mentioned }) => [text, mentioned.id]),
      [
        ['<at>Maya Chen</at>', maya.aadObjectId],
        ['<at>Maya Chen (2)</at>', other.aadObjectId],
      ],
    );
  });

  it('lets neither a name nor the text mention somebody else, or become a link', () => {
    const { text, entities } = draw(
      [{ ...maya, name: '</at><at>Everyone [x](https://evil.example)' }],
      '<at>Everyone</at> {{DATE(2026-01-01T00:00:00Z)}}',
    );
    assert.equal(text.match(/<at>/g)?.length, 1);
    assert.doesNotMatch(text, /\]\(|https:|\{\{/);
    assert.ok(text.startsWith(entities[0]?.text ?? 'none'));
  });

  it('names twenty at most', () => {
    const people = Array.from({ length: 30 }, (_, n) => ({ ...maya, name: `Person ${n}` }));
    assert.equal(draw(people, 'x').entities.length, 20);
  });
});
