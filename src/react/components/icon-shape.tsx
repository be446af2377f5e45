import type { ReactNode } from 'react';

/** Drawn on a grid of 20 with a stroke of 1.5 and round caps; one path each. Those of the drop zone, which is first on the page. */
export const zonePaths = {
  pick: 'M5 5.75h10A2.25 2.25 0 0 1 17.25 8v6.25A2.25 2.25 0 0 1 15 16.5H5a2.25 2.25 0 0 1-2.25-2.25V8A2.25 2.25 0 0 1 5 5.75zM5.25 3.25h9.5M10 13.75V9M7.75 11 10 8.75 12.25 11',
  lock: 'M6.25 8.75h7.5a2 2 0 0 1 2 2v4a2 2 0 0 1-2 2h-7.5a2 2 0 0 1-2-2v-4a2 2 0 0 1 2-2zM6.75 8.75V6.5a3.25 3.25 0 0 1 6.5 0v2.25',
  plus: 'M10 4.5v11M4.5 10h11',
  question:
    'M17.25 10a7.25 7.25 0 1 1-14.5 0 7.25 7.25 0 0 1 14.5 0zM8 8.05a2.05 2.05 0 1 1 2.9 1.95c-.6.3-.9.7-.9 1.25M10 13.7v.01',
  ban: 'M17.25 10a7.25 7.25 0 1 1-14.5 0 7.25 7.25 0 0 1 14.5 0zM5 5l10 10',
} as const;

export type ZoneIconName = keyof typeof zonePaths;

export interface IconShapeProps {
  name: string;
  path: string;
  size?: 'small' | 'large';
}

/** One of our own icons, in the colour of its text. Always beside words, so hidden from assistive technology. */
export function IconShape({ name, path, size }: IconShapeProps): ReactNode {
  return (
    <svg
      className="vd-icon"
      data-size={size}
      data-icon={name}
      viewBox="0 0 20 20"
      aria-hidden="true"
      focusable="false"
    >
      <path d={path} />
    </svg>
  );
}
