import { describe, expect, it } from 'vitest';
import { checkFile, isAccepted } from './restrictions.js';
import { sniff } from './sniff.js';

const bytes = (...values: (number | string)[]) =>
  new Uint8Array(
    values.flatMap((value) => (typeof value === 'string' ? [...new TextEncoder().encode(value)] : [value])),
  );

describe('sniff', () => {
  it.each([
    ['mp4', bytes(0, 0, 0, 24, 'ftypisom'), 'video'],
    ['mov without ftyp', bytes(0, 0, 0, 8, 'wide', 0, 0, 0, 0, 'mdat'), 'video'],
    ['m4a', bytes(0, 0, 0, 24, 'ftypM4A '), 'audio'],
    ['heic', bytes(0, 0, 0, 24, 'ftypheic'), 'image'],
    ['matroska', bytes(0x1a, 0x45, 0xdf, 0xa3, 1), 'video'],
    ['avi', bytes('RIFF', 1, 2, 3, 4, 'AVI LIST'), 'video'],
    ['wav', bytes('RIFF', 1, 2, 3, 4, 'WAVEfmt '), 'audio'],
    [
      'transport stream',
      Uint8Array.from({ length: 400 }, (_, index) => (index % 188 === 0 ? 0x47 : 0xff)),
      'video',
    ],
    ['png', bytes(0x89, 'PNG'), 'image'],
    ['pdf', bytes('%PDF-1.7'), 'other'],
    ['AppleDouble', bytes(0, 5, 0x16, 7, 0, 2, 0, 0, 'Mac OS X        '), 'other'],
    ['AppleSingle', bytes(0, 5, 0x16, 0, 0, 2, 0, 0), 'other'],
    ['text', bytes('this is plain text, not a video\n'), 'text'],
    ['text in Chinese', bytes('这不是视频'), 'text'],
    ['utf-16', bytes(0xff, 0xfe, 0x41, 0), 'text'],
    ['zeros', new Uint8Array(512), undefined],
    ['nothing', new Uint8Array(), undefined],
  ] as const)('finds the kind of file in its first bytes: %s', (_name, head, kind) => {
    expect(sniff(head)).toBe(kind);
  });
});

describe('isAccepted', () => {
  it.each([
    ['clip.mp4', 'video/mp4', 'video', true],
    ['clip.mkv', '', 'video', true],
    ['clip.mov', '', undefined, true],
    ['clip.MXF', '', undefined, true],
    ['clip', 'video/mp4', 'video', true],
    ['notes.mp4', 'video/mp4', 'text', false],
    ['photo.mp4', 'video/mp4', 'image', false],
    ['notes.txt', 'text/plain', 'text', false],
    ['clip.bin', '', 'video', false],
    ['source.ts', 'video/mp2t', 'text', false],
  ] as const)(
    'decides by name, MIME type and content whether a video is accepted: %s (%s, content %s)',
    (name, mime, content, expected) => {
      expect(isAccepted(name, mime, content, ['video'])).toBe(expected);
    },
  );

  it('accepts files by exact MIME types and extensions', () => {
    expect(isAccepted('a.webm', 'video/webm', 'video', ['video/mp4'])).toBe(false);
    expect(isAccepted('a.mkv', '', 'video', ['.mkv'])).toBe(true);
    expect(isAccepted('a.mp3', 'audio/mpeg', 'audio', ['video', 'audio'])).toBe(true);
    expect(isAccepted('anything', '', 'other', [])).toBe(true);
  });
});

it('rejects an empty file as empty, not as too small, and checks the size before the content', async () => {
  expect(await checkFile(new File([], 'a.mp4'), { minSizeBytes: 5 })).toMatchObject({ code: 'file-empty' });
  expect(await checkFile(new File(['text'], 'a.mp4'), { minSizeBytes: 5 })).toMatchObject({
    code: 'file-too-small',
    limit: 5,
  });
  expect(await checkFile(new File(['some text'], 'a.mp4'), { maxSizeBytes: 5 })).toMatchObject({
    code: 'file-too-large',
    limit: 5,
  });
  expect(await checkFile(new File(['some text'], 'a.mp4'), {})).toMatchObject({ code: 'file-invalid-type' });
});
