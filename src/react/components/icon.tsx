import type { ReactNode } from 'react';

/** Drawn on a grid of 20 with a stroke of 1.5 and round caps; one path each. */
const paths = {
  pick: 'M5 5.75h10A2.25 2.25 0 0 1 17.25 8v6.25A2.25 2.25 0 0 1 15 16.5H5a2.25 2.25 0 0 1-2.25-2.25V8A2.25 2.25 0 0 1 5 5.75zM5.25 3.25h9.5M10 13.75V9M7.75 11 10 8.75 12.25 11',
  lock: 'M6.25 8.75h7.5a2 2 0 0 1 2 2v4a2 2 0 0 1-2 2h-7.5a2 2 0 0 1-2-2v-4a2 2 0 0 1 2-2zM6.75 8.75V6.5a3.25 3.25 0 0 1 6.5 0v2.25',
  pause: 'M7.25 5v10M12.75 5v10',
  play: 'M7 4.9v10.2L15 10z',
  x: 'm5.75 5.75 8.5 8.5M14.25 5.75l-8.5 8.5',
  retry: 'M15.75 11.5A6 6 0 1 1 14.6 6L16 7.4M16 4v3.4h-3.4',
  check: 'm4.75 10.5 3.5 3.5L15.25 6.25',
  alert: 'M17.25 10a7.25 7.25 0 1 1-14.5 0 7.25 7.25 0 0 1 14.5 0zM10 6.5v4.25M10 13.6v.01',
  offline: 'm3.5 3.5 13 13M5.4 10.6A7 7 0 0 1 8 9.05M2.8 7.7a10.6 10.6 0 0 1 3.1-2.05M9 4.9a10.5 10.5 0 0 1 8.2 2.8M12.4 9.2a7 7 0 0 1 2.2 1.4M8 13.3a3 3 0 0 1 4 0M10 16v.01',
  shield: 'm10 2.75 6 2.25v4.4c0 3.6-2.4 6.3-6 7.85-3.6-1.55-6-4.25-6-7.85V5zM7.4 9.9l1.9 1.9 3.4-3.7',
  copy: 'M9.25 7.25h5.5a2 2 0 0 1 2 2v5.5a2 2 0 0 1-2 2h-5.5a2 2 0 0 1-2-2v-5.5a2 2 0 0 1 2-2zM12.75 7.25v-2a2 2 0 0 0-2-2h-5.5a2 2 0 0 0-2 2v5.5a2 2 0 0 0 2 2h2',
  clock: 'M17.25 10a7.25 7.25 0 1 1-14.5 0 7.25 7.25 0 0 1 14.5 0zM10 6v4.25l2.6 1.6',
  up: 'm6 12 4-4 4 4',
  down: 'm6 8 4 4 4-4',
  more: 'M5 10v.01M10 10v.01M15 10v.01',
  edit: 'm12.75 4.25 3 3L7 16H4v-3zM11 6l3 3',
  gauge: 'M4.9 15.2a7.25 7.25 0 1 1 10.2 0M10 10.4l2.9-3.4',
  tabs: 'M8.25 6.75h7a2 2 0 0 1 2 2v5.5a2 2 0 0 1-2 2h-7a2 2 0 0 1-2-2v-5.5a2 2 0 0 1 2-2zM13.75 3.75h-9a2 2 0 0 0-2 2v7',
  image: 'M5.25 3.75h9.5a2.5 2.5 0 0 1 2.5 2.5v7.5a2.5 2.5 0 0 1-2.5 2.5h-9.5a2.5 2.5 0 0 1-2.5-2.5v-7.5a2.5 2.5 0 0 1 2.5-2.5zM3.5 14l4-4 3.5 3.5 2-2 3.5 3M12.75 7.7v.01',
  frame: 'M3.5 7V5.25A1.75 1.75 0 0 1 5.25 3.5H7M13 3.5h1.75a1.75 1.75 0 0 1 1.75 1.75V7M16.5 13v1.75a1.75 1.75 0 0 1-1.75 1.75H13M7 16.5H5.25a1.75 1.75 0 0 1-1.75-1.75V13M12.25 10a2.25 2.25 0 1 1-4.5 0 2.25 2.25 0 0 1 4.5 0z',
  trash: 'M4 5.75h12M8 5.5V4.25a1 1 0 0 1 1-1h2a1 1 0 0 1 1 1V5.5M5.5 5.75l.6 9a2 2 0 0 0 2 1.9h3.8a2 2 0 0 0 2-1.9l.6-9',
  plus: 'M10 4.5v11M4.5 10h11',
  question: 'M17.25 10a7.25 7.25 0 1 1-14.5 0 7.25 7.25 0 0 1 14.5 0zM8 8.05a2.05 2.05 0 1 1 2.9 1.95c-.6.3-.9.7-.9 1.25M10 13.7v.01',
  ban: 'M17.25 10a7.25 7.25 0 1 1-14.5 0 7.25 7.25 0 0 1 14.5 0zM5 5l10 10',
  spin: 'M10 3.25a6.75 6.75 0 1 1-6.4 4.6',
} as const;

export type IconName = keyof typeof paths;

/** One of our own icons, in the colour of its text. Always beside words, so hidden from assistive technology. */
export function Icon({ name, size }: { name: IconName; size?: 'small' | 'large' }): ReactNode {
  return (
    <svg className="vd-icon" data-size={size} data-icon={name} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
