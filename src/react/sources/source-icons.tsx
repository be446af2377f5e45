import type { ReactNode } from 'react';
import { IconShape } from '../components/icon-shape.js';

const paths = {
  link: 'M8.6 11.4a3 3 0 0 0 4.25 0l2.4-2.4A3 3 0 0 0 11 4.75l-.9.9M11.4 8.6a3 3 0 0 0-4.25 0L4.75 11A3 3 0 0 0 9 15.25l.9-.9',
  camera:
    'M4.5 5.5H11a2 2 0 0 1 2 2v5a2 2 0 0 1-2 2H4.5a2 2 0 0 1-2-2v-5a2 2 0 0 1 2-2zM13 9.25l4.5-2.5v6.5L13 10.75z',
  screen:
    'M4.75 3.75h10.5a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H4.75a2 2 0 0 1-2-2v-6a2 2 0 0 1 2-2zM7 16.75h6M10 13.75v3M10 8.75v.01',
  mic: 'M10 2.75a2.5 2.5 0 0 1 2.5 2.5v3.5a2.5 2.5 0 0 1-5 0v-3.5a2.5 2.5 0 0 1 2.5-2.5zM4.75 9.5a5.25 5.25 0 0 0 10.5 0M10 14.75v2.5',
  'mic-off':
    'M10 2.75a2.5 2.5 0 0 1 2.5 2.5v3.5a2.5 2.5 0 0 1-5 0v-3.5a2.5 2.5 0 0 1 2.5-2.5zM4.75 9.5a5.25 5.25 0 0 0 10.5 0M10 14.75v2.5M4 3.5l12 13',
} as const;

export type SourceIconName = keyof typeof paths;

export function SourceIcon({ name, size }: { name: SourceIconName; size?: 'small' }): ReactNode {
  return <IconShape name={name} path={paths[name]} size={size} />;
}
