import assert from 'node:assert/strict';
import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { asPlain, asRun, defenderLink } from '../../cards/text.js';
import { hostileText, hostileTexts } from './hostile.js';

const UNSEEN = /(?!\uFE0F)[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029]/u;
const markdown = new MarkdownIt({ html: true, linkify: false });
const count = (text: string) => [...new Intl.Segmenter('en').segment(text)].length;

/** What a markdown reader makes of it must be one paragraph of the very same characters. */
function isInert(text: string): void {
  const html = markdown.render(text);
  assert.doesNotMatch(html.replace(/^<p>/, '').replace(/<\/p>\n$/, ''), /<|<\/?[a-z]/i, html);
}

describe('untrusted text', () => {
  for (const [name, text] of Object.entries(hostileTexts)) {
    it(`with ${name} is harmless in a text run and where markdown is read`, () => {
      for (const shown of [asRun(text, 120), asPlain(text, 120)]) {
        assert.doesNotMatch(shown, UNSEEN);
        assert.doesNotMatch(shown, /\{\{|<\s*\/?\s*at\b/i);
        assert.ok(count(shown) <= 120 && shown.length <= 241);
      }
      isInert(asPlain(text, 120));
      assert.doesNotMatch(asPlain(text, 120), /https?:|[[\]<>]/i);
    });
  }

  it('stays readable: links, device names, code and emoji look as they did', () => {
    assert.equal(asRun('[x](https://evil.example)', 80), '[x](https://evil.example)');
    assert.equal(asPlain('[x](https://evil.example)', 80), '［x］(hxxps://evil.example)');
    assert.equal(
      asPlain('svc_backup on DESK-01 ran cmd /c 50% & exit', 80),
      'svc_backup on DESK-01 ran cmd /c 50% & exit',
    );
    assert.equal(asRun('invoice\u202Efdp.exe', 80), 'invoicefdp.exe');
    assert.equal(asRun('Zo\u0308e \t\n  ❤️ 日本', 80), 'Zöe ❤️ 日本');
    assert.equal(asRun('{{DATE(2026-01-01T00:00:00Z)}} ${x}', 80), '{ {DATE(2026-01-01T00:00:00Z)}} ${x}');
  });

  it('is cut between characters, never inside one, and says that it was cut', () => {
    assert.equal(asRun('abcdef', 6), 'abcdef');
    assert.equal(asRun('abcdefg', 6), 'abcde…');
    assert.equal(asRun('🇸🇪🇸🇪🇸🇪', 3), '🇸🇪…');
    assert.equal(asRun('ééééééé'.normalize('NFD'), 6), 'ééééé…');
  });

  it('that is no text at all is empty', () => {
    for (const value of [null, undefined, {}, [], ['x'], () => 'x', Symbol('x'), { toString: () => 'x' }]) {
      assert.equal(asRun(value, 10), '');
    }
    assert.equal(asPlain(42, 10), '42');
  });

  it('is inert for every string', () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 1, max: 300 }), (text, max) => {
        const plain = asPlain(text, max);
        isInert(plain);
        for (const shown of [plain, asRun(text, max)]) {
          assert.doesNotMatch(shown, UNSEEN);
          assert.doesNotMatch(shown, /\{\{/);
          assert.ok(count(shown) <= max && shown.length <= 2 * max + 1);
        }
      }),
      { numRuns: 1500 },
    );
  });
});

describe('the link to Defender', () => {
  const tenant = 'a59fc703-72db-43e0-8a21-0494303b7220';

  it('opens the portal of the alert in the tenant that owns it, whatever tenant the link named', () => {
    const link = `https://security.microsoft.com/alerts/da1_1?tid=${tenant}`;
    assert.equal(defenderLink(['https://security.microsoft.com/alerts/da1_1?tid=other&u=//evil'], tenant), link);
    assert.equal(
      defenderLink([null, 'https://security.microsoft.us/alerts/1#x'], tenant.toUpperCase()),
      `https://security.microsoft.us/alerts/1?tid=${tenant}`,
    );
  });

  it('leads nowhere else', () => {
    const foreign = [
      'http://security.microsoft.com/alerts/1',
      'https://security.microsoft.com.evil.example/alerts/1',
      'https://evil.example/security.microsoft.com',
      'https://security.microsoft.com@evil.example/',
      'https://user@security.microsoft.com/alerts/1',
      'https://security.microsoft.com:8443/alerts/1',
      'https://SECURITY.MICROSOFT.COM.:443/x',
      'javascript:alert(1)',
      'data:text/html,x',
      `https://security.microsoft.com/${'a'.repeat(5000)}`,
      '',
      42,
      {},
    ];
    for (const url of foreign)
      assert.equal(defenderLink([url], tenant), null, typeof url === 'string' ? url : 'no text');
  });

  it('is left out when the Entra tenant is not known, or is no id', () => {
    assert.equal(defenderLink(['https://security.microsoft.com/alerts/1'], null), null);
    assert.equal(defenderLink(['https://security.microsoft.com/alerts/1'], `${tenant}&x=1`), null);
  });
});
