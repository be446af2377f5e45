import type { ReactNode } from 'react';
import type { UploadNoteCode } from '../../engine/index.js';
import { IconShape } from '../components/icon-shape.js';

const film =
  'M4.75 4h10.5a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H4.75a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2zM6.5 4v12M13.5 4v12M2.75 8H6.5M2.75 12H6.5M13.5 8h3.75M13.5 12h3.75';
const paths: Readonly<Record<UploadNoteCode, string>> = {
  codec: film,
  hdr: 'M10 6.75a3.25 3.25 0 1 1 0 6.5 3.25 3.25 0 0 1 0-6.5zM10 2.75v1M10 16.25v1M2.75 10h1M16.25 10h1M4.9 4.9l.7.7M14.4 14.4l.7.7M4.9 15.1l.7-.7M14.4 5.6l.7-.7',
  'no-sound': 'M9.5 4.75 6 7.5H3.5v5H6l3.5 2.75zM13 8l4 4M17 8l-4 4',
  vertical: 'M8 2.75h4a2 2 0 0 1 2 2v10.5a2 2 0 0 1-2 2H8a2 2 0 0 1-2-2V4.75a2 2 0 0 1 2-2zM9.25 14.75h1.5',
  incomplete: 'M17.25 10a7.25 7.25 0 1 1-14.5 0 7.25 7.25 0 0 1 14.5 0zM10 6.5v4.25M10 13.6v.01',
  'same-video':
    'M4.5 4.5H11a1.75 1.75 0 0 1 1.75 1.75v4A1.75 1.75 0 0 1 11 12H4.5a1.75 1.75 0 0 1-1.75-1.75v-4A1.75 1.75 0 0 1 4.5 4.5zM15.75 8H16a1.75 1.75 0 0 1 1.75 1.75v4.5A1.75 1.75 0 0 1 16 16H9a1.75 1.75 0 0 1-1.75-1.5',
};

export function NoteIcon({ code }: { code: UploadNoteCode }): ReactNode {
  return <IconShape name={code} path={paths[code]} />;
}
