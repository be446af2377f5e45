/**
 * Cleans file names and titles for the clouds: no invisible characters, nothing that looks like a path, cut by bytes
 * without splitting a character.
 */

/** Control characters, line separators, byte order mark, and the marks and overrides of writing direction. */
const invisible =
  /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const longestExtension = 10;

export function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Removes what must not reach a cloud from a line of text; spaces are collapsed. */
export function cleanText(text: string): string {
  const wellFormed = new TextDecoder().decode(new TextEncoder().encode(text));
  return wellFormed.replace(invisible, '').replace(/\s+/gu, ' ').trim().normalize('NFC');
}

/** A file name without path separators, `.` and `..` segments and invisible characters; `video` when nothing remains of the stem. */
export function cleanFileName(name: string, emptyName = 'video'): string {
  const flat = cleanText(name)
    .split(/[/\\]+/)
    .filter((segment) => segment !== '.' && segment !== '..')
    .join('')
    .trim();
  const { stem, extension } = splitExtension(flat);
  return (/^[.\s]*$/u.test(stem) ? emptyName : stem) + extension;
}

/** `movie.mp4` -> `movie` and `.mp4`. What is too long or odd to be an extension stays in the stem. */
export function splitExtension(name: string): { stem: string; extension: string } {
  const dot = name.lastIndexOf('.');
  const extension = dot < 0 ? '' : name.slice(dot);
  const isExtension =
    extension.length > 1 && extension.length <= longestExtension + 1 && /^\.[A-Za-z0-9]+$/.test(extension);
  return isExtension ? { stem: name.slice(0, dot), extension } : { stem: name, extension: '' };
}

/** In lower case, without the dot; empty where there is none. */
export function extensionOf(fileName: string): string {
  return splitExtension(fileName).extension.slice(1).toLowerCase();
}

/** A content type in lower case, without its parameters. */
export function bareContentType(contentType: string): string {
  return contentType.toLowerCase().split(';')[0]?.trim() ?? '';
}

/** The longest beginning of `text` of at most `maxBytes` bytes of UTF-8 that ends between characters as people see them. */
export function cutUtf8(text: string, maxBytes: number): string {
  if (utf8Length(text) <= maxBytes) return text;
  let kept = '';
  let bytes = 0;
  for (const character of characters(text)) {
    bytes += utf8Length(character);
    if (bytes > maxBytes) break;
    kept += character;
  }
  return kept.trimEnd();
}

/** As `cutUtf8`, taking from the stem so that the extension stays. */
export function cutFileName(name: string, maxBytes: number): string {
  const { stem, extension } = splitExtension(name);
  return cutUtf8(stem, maxBytes - extension.length) + extension;
}

function* characters(text: string): Iterable<string> {
  if (typeof Intl.Segmenter !== 'function') return yield* text;
  for (const { segment } of new Intl.Segmenter().segment(text)) yield segment;
}
