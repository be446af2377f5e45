import type { FileKind } from '../messages/index.js';

/** What `accept` is when the host says nothing. */
export const defaultAccept: readonly string[] = ['video'];

/** Containers that systems often report without a MIME type; file dialogs would grey them out otherwise. */
const extensionsOf: Record<string, readonly string[]> = {
  video: [
    '.mp4',
    '.m4v',
    '.mov',
    '.mkv',
    '.webm',
    '.avi',
    '.wmv',
    '.flv',
    '.mts',
    '.m2ts',
    '.ts',
    '.mxf',
    '.3gp',
    '.mpg',
    '.mpeg',
  ],
  audio: ['.mp3', '.m4a', '.wav', '.flac', '.aac', '.ogg', '.opus'],
  image: ['.jpg', '.jpeg', '.png', '.webp', '.gif', '.avif', '.heic'],
};
const familiar: Record<string, readonly string[]> = {
  video: ['MP4', 'MOV', 'MKV', 'WebM'],
  audio: ['MP3', 'M4A', 'WAV', 'FLAC'],
  image: ['JPEG', 'PNG', 'WebP'],
};

const families = ['video', 'audio', 'image'] as const;
const familyOf = (entry: string) =>
  families.find((family) => entry === family || entry.startsWith(`${family}/`));

/** The word for what can be added: one family's own, or plain "file". */
export function kindOf(accept: readonly string[]): FileKind {
  const kinds = new Set(
    accept.map((entry) => familyOf(entry) ?? (entry.startsWith('.') ? familyOfExtension(entry) : 'file')),
  );
  const [only = 'file'] = kinds;
  return kinds.size === 1 ? only : 'file';
}

/** The native input's `accept` attribute. */
export function inputAccept(accept: readonly string[]): string {
  return accept
    .flatMap((entry) => [
      bareFamily(entry) ? `${entry}/*` : entry,
      ...(extensionsOf[wholeFamily(entry)] ?? []),
    ])
    .join(',');
}

/** Names of types for a sentence: `MP4`, `MOV` … */
export function typeNames(accept: readonly string[]): readonly string[] {
  const names = accept.flatMap(
    (entry) => familiar[wholeFamily(entry)] ?? [entry.replace(/^\.|^.*\//, '').toUpperCase()],
  );
  return [...new Set(names)].slice(0, 6);
}

/** What a MIME type alone can tell while a file still hangs in the air: yes, no, or not without its name. */
export function judgeMimeType(type: string, accept: readonly string[]): 'yes' | 'no' | 'unknown' {
  if (!type) return 'unknown';
  const fits = accept.some((entry) => {
    const family = wholeFamily(entry);
    return family ? type.startsWith(`${family}/`) : entry === type;
  });
  if (fits) return 'yes';
  // An extension in the rule is decided by the name, which the browser keeps to itself until the drop. A type of the
  // same family may carry it; text and pictures will not turn out to be videos.
  return accept.some((entry) => entry.startsWith('.') && type.startsWith(`${familyOfExtension(entry)}/`)) ||
    type === 'application/octet-stream'
    ? 'unknown'
    : 'no';
}

const bareFamily = (entry: string) => families.some((family) => family === entry);
const wholeFamily = (entry: string) =>
  families.find((family) => entry === family || entry === `${family}/*`) ?? '';
const familyOfExtension = (extension: string): FileKind =>
  families.find((family) => extensionsOf[family]?.includes(extension.toLowerCase())) ?? 'file';
