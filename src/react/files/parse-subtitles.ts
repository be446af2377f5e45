/** What is wrong with a subtitle file, and where. Lines count from 1. */
export interface SubtitleTrouble {
  readonly what: 'unreadable' | 'encoding' | 'empty' | 'time' | 'backwards';
  readonly line: number;
}

export type ParsedSubtitles =
  { readonly cues: number; readonly trouble?: undefined } | { readonly trouble: SubtitleTrouble };

/** `00:01:02,345 --> 00:01:04,000`, hours optional as WebVTT has it; settings may follow. */
const timing =
  /^\s*((?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3})\s*-->\s*((?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3})(?:\s|$)/;

/**
 * The text of a subtitle file: UTF-16 where it begins with that byte order mark, as Notepad's "Unicode" does, else UTF-8.
 * Undefined where it is neither: older encodings cannot be told apart, and wrong letters would reach the viewers.
 * https://encoding.spec.whatwg.org/#bom-sniff
 */
export function decodeSubtitles(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * Reads SubRip or WebVTT as far as a player needs it: cues with times, none of which ends before it starts. Players
 * also take blank lines inside a cue, between its number and its time, and lines after the last cue.
 * https://www.w3.org/TR/webvtt1/#file-structure
 */
export function parseSubtitles(text: string): ParsedSubtitles {
  // Binary files contain zeros.
  if (text.includes('\u0000')) return { trouble: { what: 'unreadable', line: 1 } };
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/);
  const isVtt = lines[0]?.startsWith('WEBVTT') ?? false;
  let cues = 0;
  for (const { start, block } of blocksOf(lines)) {
    if (isVtt && /^(WEBVTT|NOTE|STYLE|REGION)\b/.test(block[0] ?? '')) continue;
    const at = block.findIndex((line) => line.includes('-->'));
    if (at < 0) {
      const trouble = troubleWithout(block, start, cues);
      if (trouble) return { trouble };
      continue;
    }
    const [, from, to] = timing.exec(block[at] ?? '') ?? [];
    const line = start + at;
    if (from === undefined || to === undefined) return { trouble: { what: 'time', line } };
    if (seconds(to) < seconds(from)) return { trouble: { what: 'backwards', line } };
    cues += 1;
  }
  return cues > 0 ? { cues } : { trouble: { what: 'empty', line: 1 } };
}

/** What a block without a time means: the number of the cue that follows, more text of the last cue, or an error. */
function troubleWithout(block: readonly string[], line: number, cues: number): SubtitleTrouble | undefined {
  const number = /^\s*(\d+)\s*$/.exec(block[0] ?? '')?.[1];
  if (number !== undefined && block.length === 1) return undefined;
  if (cues === 0) return { what: 'unreadable', line };
  return Number(number) === cues + 1 ? { what: 'time', line } : undefined;
}

/** The language that a file name gives away: `talk.en.srt`, `ridge_zh-CN.vtt`. */
export function languageIn(fileName: string, languages: readonly string[]): string | undefined {
  const words = fileName
    .toLowerCase()
    .replace(/\.[^.]+$/, '')
    .split(/[._\s[\]()]+/)
    .reverse();
  for (const word of words) {
    const found =
      languages.find((tag) => tag.toLowerCase() === word.replace('_', '-')) ??
      languages.find((tag) => tag.toLowerCase().split('-')[0] === word);
    if (found) return found;
  }
  return undefined;
}

function blocksOf(lines: readonly string[]): { start: number; block: string[] }[] {
  const blocks: { start: number; block: string[] }[] = [];
  let block: string[] = [];
  [...lines, ''].forEach((line, index) => {
    if (line.trim()) {
      block.push(line);
      return;
    }
    if (block.length) blocks.push({ start: index - block.length + 1, block });
    block = [];
  });
  return blocks;
}

function seconds(time: string): number {
  return time
    .replace(',', '.')
    .split(':')
    .reduce((sum, part) => sum * 60 + Number(part), 0);
}
