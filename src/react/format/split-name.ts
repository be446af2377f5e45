/** A file name in two pieces: when room is short the head gives way, the tail never does. */
export interface SplitName {
  readonly head: string;
  readonly tail: string;
}

/** Scripts whose letters join: a cut inside a word changes their shapes. */
const joined =
  /[\u0600-\u08ff\u0700-\u074f\u0780-\u07bf\u1800-\u18af\ua840-\ua87f\ufb50-\ufdff\ufe70-\ufeff]/u;
const keptLetters = 3;

/** Keeps the extension and the last three letters before it; in joined scripts the extension only. Cuts at graphemes. */
export function splitName(name: string): SplitName {
  const extension = extensionOf(name);
  const stem = name.slice(0, name.length - extension.length);
  const letters = graphemes(stem);
  if (letters.length <= keptLetters * 2) return { head: name, tail: '' };
  const kept = letters.slice(-keptLetters).join('');
  const tail = joined.test(kept) ? '' : kept;
  return { head: stem.slice(0, stem.length - tail.length), tail: tail + extension };
}

/** With its dot, in its own case; empty when there is none worth the name. */
export function extensionOf(name: string): string {
  return /\.[\p{L}\p{N}]{1,6}$/u.exec(name)?.[0] ?? '';
}

let segmenter: Intl.Segmenter | undefined;

function graphemes(text: string): string[] {
  if (!('Segmenter' in Intl)) return Array.from(text);
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  // Only the end matters, and names can be long.
  const end = text.slice(-64);
  const rest = text.slice(0, text.length - end.length);
  const letters = Array.from(segmenter.segment(end), (piece) => piece.segment);
  return rest ? [rest, ...letters] : letters;
}
