import { teamsDarkTheme, teamsLightTheme } from '@fluentui/tokens';

type Theme = Readonly<Record<string, string | number>>;

/** Fluent's Teams themes as CSS variables; only those that the page's sources name. */
export function themeCss(sources: string): string {
  const block = (theme: Theme) =>
    Object.entries(theme)
      .filter(([name]) => sources.includes(name))
      .map(([name, value]) => `--${name}:${value};`)
      .join('');
  const light: Theme = { ...teamsLightTheme };
  const dark: Theme = { ...teamsDarkTheme };
  return `:root{color-scheme:light;${block(light)}}\n:root[data-theme=dark]{color-scheme:dark;${block(dark)}}\n`;
}
