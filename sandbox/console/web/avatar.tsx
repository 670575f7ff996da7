import type { JSX } from 'preact';

const hues = ['Berry', 'Marigold', 'Seafoam', 'Lavender', 'Peach', 'Steel', 'Pink', 'Forest', 'Teal', 'Grape'] as const;

/** Initials in a circle; the bot has Teams' hexagon. Decoration only: the name always stands beside it. */
export function Avatar({
  name,
  kind,
  size,
}: {
  name: string;
  kind: 'bot' | 'person';
  size: 24 | 32 | 40;
}): JSX.Element {
  const hue = hues[[...name].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0) % hues.length] ?? 'Steel';
  return (
    <span
      class={`avatar avatar-${size} ${kind === 'bot' ? 'avatar-bot' : `avatar-${hue.toLowerCase()}`}`}
      aria-hidden="true"
    >
      {kind === 'bot' ? name.slice(0, 1) : initials(name)}
    </span>
  );
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => word?.slice(0, 1) ?? '').join('');
}
