import assert from 'node:assert/strict';
import fc from 'fast-check';
import { canonicalJson } from '../../../domain/audit/canonical-json.js';

describe('canonical JSON', () => {
  it('keeps the meaning of any value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        assert.deepEqual(JSON.parse(canonicalJson(text)), JSON.parse(text));
      }),
    );
  });

  it('does not depend on white space or on the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        assert.equal(canonicalJson(JSON.stringify(turned, null, 3)), canonicalJson(JSON.stringify(value)));
      }),
    );
  });

  it('keeps every digit, and one spelling of a string', () => {
    assert.equal(canonicalJson('[12345678901234567890.10, "\\u0041", {}, []]'), '[12345678901234567890.10,"A",{},[]]');
  });

  it('refuses what is not JSON', () => {
    for (const text of ['', '{', '[1 2]', '{"a" 1}', '1 1', '[1,]', 'nul']) {
      assert.throws(() => canonicalJson(text), SyntaxError, text);
    }
  });
});
