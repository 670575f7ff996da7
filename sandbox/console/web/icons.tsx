import type { JSX } from 'preact';

const paths = {
  channel: 'M4 7.5h12M4 12.5h12M8.500 3.500 6.500 16.500M13.500 3.500 11.500 16.500',
  chat: 'M10 3a7 7 0 0 0-6.200 10.300L3 17l3.700-.8A7 7 0 1 0 10 3ZM7.500 8.500h5M7.500 11.500h3',
  sun: 'M10 6.500a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7ZM10 2v1.500M10 16.500V18M2 10h1.500M16.500 10H18M4.300 4.300l1.100 1.100M14.600 14.600l1.100 1.100M15.700 4.300l-1.100 1.100M5.400 14.600l-1.100 1.100',
  moon: 'M8 3a7 7 0 1 0 9 9 6 6 0 0 1-9-9Z',
  spark:
    'm10 2.500 1.700 4.800 4.800 1.700-4.800 1.700L10 15.500l-1.700-4.800L3.500 9l4.800-1.700ZM15.500 13.500v4M13.500 15.500h4',
  menu: 'M3 5.500h14M3 10h14M3 14.500h14',
  close: 'm5 5 10 10M15 5 5 15',
  send: 'M3 3.500 17.500 10 3 16.500 5 10ZM5 10h6',
  refresh:
    'M16.500 9A6.500 6.500 0 0 0 5 5.500L3.500 7M3.500 3.500V7H7M3.500 11A6.500 6.500 0 0 0 15 14.500l1.500-1.500M16.500 16.500V13H13',
  chevron: 'm7 5 5 5-5 5',
  down: 'M10 4v12M5 11l5 5 5-5',
  reply: 'M8 5 3.500 9.500 8 14M3.500 9.500H11a5.500 5.500 0 0 1 5.500 5.500',
  lock: 'M5 9h10v7H5ZM7 9V7a3 3 0 0 1 6 0v2',
  check: 'm4 10.500 4 4 8-9',
  alert: 'M10 3 2.500 16.500h15ZM10 8v4M10 14.300v.2',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
