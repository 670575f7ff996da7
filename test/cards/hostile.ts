import fc from 'fast-check';

/** The table of spec/quality.md: what alert text may hold, and must do no harm anywhere. */
export const hostileTexts: Readonly<Record<string, string>> = {
  'a markdown link': '[Re-authenticate here](https://evil.example/login)',
  'a reference link': '[a]: https://evil.example "t" [a]',
  'a markdown image': '![logo](https://evil.example/pixel.png)',
  'an autolink': '<https://evil.example> or http://evil.example or www.evil.example',
  'another scheme': 'javascript:alert(1) file://server/share mailto:a@evil.example msteams://x',
  'a mention': '<at>Everyone</at> < at >Bo</at>',
  HTML: '<script>alert(1)</script><img src=x onerror=alert(1)>&lt;b&gt;&#60;i&#62;',
  'a date macro': '{{DATE(2026-01-01T00:00:00Z, SHORT)}} {{{TIME(2026-01-01T00:00:00Z)}}}',
  'a template expression': '${title} ${json("[1]")} ${$root.alert}',
  'bidirectional controls': 'invoice\u202Efdp.exe \u2066left\u2069 \u200Fx\u061C',
  'zero-width characters': 'pay\u200Bpal \uFEFFlo\u00ADgin \u2060word\u{E0041}\u{E0042}',
  'control characters': 'a\u0000b\u0007c\u001B[31mred\u009B1m \r\n\t end\u2028line',
  'lone surrogates': 'x\uD800y\uDC00z',
  'stacked marks': `z${'\u0301'.repeat(500)}algo`,
  emoji: 'Alert 👩‍💻 🏳️‍🌈 🇸🇪 ❤️ 1️⃣ done',
  'other markdown': '# head **bold** _it_ `code` ~~gone~~ > quote - list * list 1. list | a | b |',
  'a list': '- a\n- b\n+ c\n1. d',
  '100 KB': 'A'.repeat(100_000),
  '100 KB of the widest': '😀'.repeat(25_000),
  '100 KB of quotes': '"\\'.repeat(50_000),
  'nothing visible': '\u200B\u2060\u0000 \u2800',
};

const nasty = fc.constantFrom(...Object.values(hostileTexts));

/** Text as an attacker would choose it: from the table, from all of Unicode (lone surrogates too), and mixtures. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  nasty,
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.array(fc.oneof(nasty, fc.string({ unit: 'grapheme', maxLength: 8 })), { maxLength: 5 }).map((all) => all.join('')),
  fc.string({ unit: fc.constantFrom(...'{}[]()<>!*_`~#-+.:/\\&$@=|"\' \n1aw'), maxLength: 40 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 }).map((units) => String.fromCharCode(...units)),
);
