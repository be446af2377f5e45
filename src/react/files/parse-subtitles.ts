/** What is wrong with a subtitle file, and where. Lines count from 1. */
export interface SubtitleTrouble {
  readonly what: 'unreadable' | 'empty' | 'time' | 'backwards';
  readonly line: number;
}

export type ParsedSubtitles =
  { readonly cues: number; readonly trouble?: undefined } | { readonly trouble: SubtitleTrouble };

/** `00:01:02,345 --> 00:01:04,000`, hours optional as WebVTT has it; settings may follow. */
const timing =
  /^\s*((?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3})\s+-->\s+((?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3})(?:\s|$)/;

/**
 * Reads SubRip or WebVTT as far as a player would need it: every block of text has a time, none ends before it starts.
 * https://www.w3.org/TR/webvtt1/#file-structure
 */
export function parseSubtitles(text: string): ParsedSubtitles {
  // A text in another encoding is full of these; binary files have zeros.
  if (text.includes('\u0000') || (text.match(/\ufffd/g) ?? []).length > 2)
    return { trouble: { what: 'unreadable', line: 1 } };
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/);
  const isVtt = lines[0]?.startsWith('WEBVTT') ?? false;
  let cues = 0;
  for (const { start, block } of blocksOf(lines)) {
    if (isVtt && /^(WEBVTT|NOTE|STYLE|REGION)\b/.test(block[0] ?? '')) continue;
    const at = block.findIndex((line) => line.includes('-->'));
    if (at < 0) return { trouble: { what: cues === 0 ? 'unreadable' : 'time', line: start } };
    const [, from, to] = timing.exec(block[at] ?? '') ?? [];
    const line = start + at;
    if (from === undefined || to === undefined) return { trouble: { what: 'time', line } };
    if (seconds(to) < seconds(from)) return { trouble: { what: 'backwards', line } };
    cues += 1;
  }
  return cues > 0 ? { cues } : { trouble: { what: 'empty', line: 1 } };
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
