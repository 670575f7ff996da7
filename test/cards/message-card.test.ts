import assert from 'node:assert/strict';
import { CARD_BYTES, cardBytes } from '../../cards/card.js';
import { drawChoice, drawHelp, drawNotice, drawSummary } from '../../cards/message-card.js';
import { hostileTexts } from './hostile.js';
import { texts, titles } from './walk.js';

describe('the small cards', () => {
  it('list what can be said', () => {
    const { content } = drawHelp([{ command: 'queue', does: 'Open alerts.' }]);
    assert.equal(texts(content), 'What you can say\nqueue\u2003\nOpen alerts.');
  });

  it('tell what the first sync did, and what it could not read', () => {
    const sync = { tenantName: 'Contoso', mirrored: 27, opened: 12, skipped: 1 };
    const all = texts(drawSummary(sync).content);
    assert.match(all, /27 alerts mirrored, 12 opened\./);
    assert.match(all, /1 record could not be read and was skipped/);
    assert.doesNotMatch(texts(drawSummary({ ...sync, skipped: 0 }).content), /could not be read/);
  });

  it('ask which of several was meant, with six buttons at most', () => {
    const choices = Array.from({ length: 9 }, (_, i) => ({ title: `Bo ${i}`, data: { verb: 'alert.assign', n: i } }));
    const { content } = drawChoice('Which Bo?', choices);
    assert.deepEqual(titles(content), ['Bo 0', 'Bo 1', 'Bo 2', 'Bo 3', 'Bo 4', 'Bo 5']);
    assert.match(texts(content), /3 more would fit/);
  });

  it('stay small and inert whatever they are asked to say', () => {
    for (const text of Object.values(hostileTexts)) {
      const lines = Array.from({ length: 100 }, () => ({ command: text, does: text }));
      for (const { content, summary } of [drawNotice(text, text), drawHelp(lines)]) {
        assert.ok(cardBytes(content) <= CARD_BYTES);
        assert.doesNotMatch(summary + String(content['fallbackText']), /\{\{|https?:|[[\]<>]/);
      }
    }
  });
});
