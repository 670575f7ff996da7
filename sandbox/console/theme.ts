import { teamsDarkTheme, teamsLightTheme } from '@fluentui/tokens';

type Theme = Readonly<Record<string, string | number>>;

/** Fluent's Teams themes as CSS variables; only those that the style sheet uses. */
export function themeCss(styles: string): string {
  const used = new Set([...styles.matchAll(/var\(--([A-Za-z0-9]+)/g)].map(([, name]) => name));
  const block = (theme: Theme) =>
    Object.entries(theme)
      .filter(([name]) => used.has(name) && !name.startsWith('fontFamily'))
      .map(([name, value]) => `--${name}:${value};`)
      .join('');
  const light: Theme = { ...teamsLightTheme };
  const dark: Theme = { ...teamsDarkTheme };
  return `:root{color-scheme:light;${block(light)}}\n:root[data-theme=dark]{color-scheme:dark;${block(dark)}}\n`;
}
