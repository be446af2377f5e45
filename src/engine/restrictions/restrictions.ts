import type { Rejection, Restrictions } from '../types.js';
import { type MediaKind, sniff, sniffBytes } from './sniff.js';

const extensions: Readonly<Record<'video' | 'audio' | 'image', readonly string[]>> = {
  video: [
    'mp4',
    'm4v',
    'mov',
    'qt',
    'mkv',
    'webm',
    'avi',
    'wmv',
    'asf',
    'flv',
    'f4v',
    'mpg',
    'mpeg',
    'm2v',
    'ts',
    'mts',
    'm2ts',
    'mxf',
    '3gp',
    '3g2',
    'ogv',
    'vob',
  ],
  audio: ['mp3', 'm4a', 'aac', 'wav', 'flac', 'ogg', 'oga', 'opus', 'wma', 'amr', 'ape', 'ac3', 'mp2'],
  image: ['jpg', 'jpeg', 'png', 'gif', 'webp', 'bmp', 'heic', 'avif'],
};

/** Why a file may not be added, or `undefined`. Reads the first bytes only where the size is in order. */
export async function checkFile(file: File, restrictions: Restrictions): Promise<Rejection | undefined> {
  return checkSize(file, restrictions) ?? checkContent(file, restrictions);
}

/** Whether name, size and type are in order; the content may contradict them. */
export function isPlausible(file: File, restrictions: Restrictions): boolean {
  return (
    !checkSize(file, restrictions) && isAccepted(file.name, file.type, undefined, acceptOf(restrictions))
  );
}

/** First bytes that are being read before the file is checked. */
const headsAhead = new WeakMap<File, Promise<Uint8Array>>();

/** Reads the first bytes while the check waits for something else. */
export function readAhead(file: File): void {
  const head = readHead(file);
  // Reported when the file is checked.
  head.catch(() => {});
  headsAhead.set(file, head);
}

/** The same for the content, of which the first bytes are read. */
export async function checkContent(file: File, restrictions: Restrictions): Promise<Rejection | undefined> {
  let head: Uint8Array;
  try {
    const ahead = headsAhead.get(file);
    headsAhead.delete(file);
    head = await (ahead ?? readHead(file));
  } catch {
    return { file, code: 'file-unreadable' };
  }
  return isAccepted(file.name, file.type, sniff(head), acceptOf(restrictions))
    ? undefined
    : { file, code: 'file-invalid-type' };
}

const acceptOf = ({ accept = ['video'] }: Restrictions) => accept;

function checkSize(file: File, { minSizeBytes, maxSizeBytes }: Restrictions): Rejection | undefined {
  if (file.size === 0) return { file, code: 'file-empty' };
  if (maxSizeBytes !== undefined && file.size > maxSizeBytes)
    return { file, code: 'file-too-large', limit: maxSizeBytes };
  if (minSizeBytes !== undefined && file.size < minSizeBytes)
    return { file, code: 'file-too-small', limit: minSizeBytes };
  return undefined;
}

/**
 * As a stream: `slice` registers a Blob with another process and waits for it, on the page's thread, 0.6 ms for each
 * file in Chromium.
 */
async function readHead(file: File): Promise<Uint8Array> {
  const reader = file.stream().getReader();
  const head = new Uint8Array(Math.min(sniffBytes, file.size));
  try {
    for (let length = 0; length < head.length;) {
      const { value } = await reader.read();
      // Shorter than it was.
      if (!value) return head.subarray(0, length);
      head.set(value.subarray(0, head.length - length), length);
      length += value.length;
    }
    return head;
  } finally {
    reader.cancel().catch(() => {});
  }
}

/**
 * Content, extension and MIME type together: the extension or the MIME type must be among those accepted (browsers
 * leave the MIME type of .mkv and .mov empty), and the content, where it says anything, must not contradict.
 */
export function isAccepted(
  fileName: string,
  mimeType: string,
  content: MediaKind | undefined,
  accept: readonly string[],
): boolean {
  if (accept.length === 0 || accept.includes('*/*')) return true;
  const extension = /\.([^.]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? '';
  return accept.some((rule) =>
    matchesRule(rule.trim().toLowerCase(), extension, mimeType.toLowerCase(), content),
  );
}

function matchesRule(
  rule: string,
  extension: string,
  mimeType: string,
  content: MediaKind | undefined,
): boolean {
  const kind = kindOf(rule);
  const isNamed = rule.startsWith('.')
    ? extension === rule.slice(1)
    : rule.includes('/') && !rule.endsWith('/*')
      ? mimeType === rule || (mimeType === '' && kind !== undefined && extensions[kind].includes(extension))
      : kind !== undefined && (mimeType.startsWith(`${kind}/`) || extensions[kind].includes(extension));
  return (
    isNamed &&
    (content === undefined || kind === undefined || content === kind || isSameFamily(kind, content))
  );
}

function kindOf(rule: string): 'video' | 'audio' | 'image' | undefined {
  const word = rule.startsWith('.') ? undefined : rule.split('/')[0];
  if (word === 'video' || word === 'audio' || word === 'image') return word;
  return (['video', 'audio', 'image'] as const).find((kind) => extensions[kind].includes(rule.slice(1)));
}

/** Containers hold either: an .m4a or .wma has the signature of its video sibling. */
function isSameFamily(kind: MediaKind, content: MediaKind): boolean {
  return (kind === 'audio' && content === 'video') || (kind === 'video' && content === 'audio');
}
