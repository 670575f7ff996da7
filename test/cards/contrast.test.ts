import assert from 'node:assert/strict';
import { teamsDarkTheme, teamsLightTheme } from '@fluentui/tokens';
import type { Theme } from '@fluentui/tokens';
import { gallery } from './gallery.js';

/** Which Fluent colours Teams gives to the container styles and text colours of a card. */
const backgrounds: Record<string, (theme: Theme) => string> = {
  default: (theme) => theme.colorNeutralBackground1,
  emphasis: (theme) => theme.colorNeutralBackground3,
  accent: (theme) => theme.colorBrandBackground2,
  good: (theme) => theme.colorStatusSuccessBackground1,
  warning: (theme) => theme.colorStatusWarningBackground1,
  attention: (theme) => theme.colorStatusDangerBackground1,
};
const texts: Record<string, (theme: Theme) => string> = {
  Default: (theme) => theme.colorNeutralForeground1,
  subtle: (theme) => theme.colorNeutralForeground3,
  Accent: (theme) => theme.colorBrandForeground2,
  Good: (theme) => theme.colorStatusSuccessForeground1,
  Warning: (theme) => theme.colorStatusWarningForeground3,
  Attention: (theme) => theme.colorStatusDangerForeground1,
};

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((place) => {
    const part = parseInt(colour.slice(place, place + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG 2: 1 to 21. */
function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** Each "text on background" that a card uses. */
function pairs(node: unknown, background = 'default'): string[] {
  if (Array.isArray(node)) return node.flatMap((part) => pairs(part, background));
  if (node === null || typeof node !== 'object') return [];
  const part = node as Record<string, unknown>;
  const type = String(part['type']);
  const isText = type === 'TextBlock' || type === 'TextRun';
  const isBox = type === 'Container' || type === 'Column' || type === 'ColumnSet';
  const inside = isBox && typeof part['style'] === 'string' ? part['style'] : background;
  const colour = part['isSubtle'] === true ? 'subtle' : typeof part['color'] === 'string' ? part['color'] : 'Default';
  const own = isText ? [`${colour} on ${inside}`] : [];
  return [...own, ...Object.values(part).flatMap((child) => pairs(child, inside))];
}

describe('the colours of the cards', () => {
  const used = new Set(Object.values(gallery()).flatMap((card) => pairs(card)));

  it('are those of this table', () => {
    assert.ok(used.has('Default on attention') && used.has('subtle on good'));
  });

  for (const pair of used) {
    for (const [name, theme] of [
      ['light', teamsLightTheme],
      ['dark', teamsDarkTheme],
    ] as const) {
      it(`${pair} can be read in the ${name} theme (4.5 : 1)`, () => {
        const [text = '', background = ''] = pair.split(' on ');
        const [front, back] = [texts[text], backgrounds[background]];
        assert.ok(front && back, `no colour is known for ${pair}`);
        const ratio = contrast(front(theme), back(theme));
        assert.ok(ratio >= 4.5, ratio.toFixed(2));
      });
    }
  }
});
