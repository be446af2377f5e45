import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanFileName, cleanText, cutFileName, cutUtf8, splitExtension, utf8Length } from './text.js';

describe('cleanFileName and cutFileName', () => {
  it.each([
    ['clip.mp4', 'clip.mp4'],
    ['../../etc/passwd.mp4', 'etcpasswd.mp4'],
    ['..\\..\\a.mp4', 'a.mp4'],
    ['a\u0000b\u001f\u007f.mp4', 'ab.mp4'],
    ['\u202egnp\u202c.mp4', 'gnp.mp4'],
    ['  two   words \u2028.mp4', 'two words .mp4'],
    ['"quotes" & <tags>.mp4', '"quotes" & <tags>.mp4'],
    ['👨‍👩‍👧.mp4', '👨‍👩‍👧.mp4'],
    ['.mp4', 'video.mp4'],
    ['\u200f/.mp4', 'video.mp4'],
    ['', 'video'],
    ['../..', 'video'],
    ['...', 'video'],
    ['lone \ud83d surrogate.mp4', 'lone \ufffd surrogate.mp4'],
  ])('cleans the file name %j to %j', (name, expected) => {
    expect(cleanFileName(name)).toBe(expected);
  });

  it('produces a file name that every cloud accepts from arbitrary input', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 400 }),
        fc.constantFrom('.mp4', '.mov', ''),
        (stem, extension) => {
          const name = cutFileName(cleanFileName(stem + extension), 128);
          expect(utf8Length(name)).toBeLessThanOrEqual(128);
          expect(name).not.toMatch(/[/\\\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
          expect(name).not.toBe('');
          if (extension) expect(name.endsWith(extension)).toBe(true);
        },
      ),
    );
  });
});

describe('cutting text to a byte length', () => {
  it('does not split a grapheme when it cuts text', () => {
    const family = '👨‍👩‍👧';
    expect(cutUtf8(family + family, utf8Length(family) + 4)).toBe(family);
    expect(cutUtf8('e\u0301e\u0301', 5)).toBe('e\u0301');
  });

  it('returns a text within the byte limit unchanged', () => {
    expect(cutUtf8('中文', 6)).toBe('中文');
    expect(cutUtf8('中文', 5)).toBe('中');
  });

  it('keeps the extension when it cuts a file name', () => {
    expect(cutFileName(`${'n'.repeat(300)}.mp4`, 128)).toBe(`${'n'.repeat(124)}.mp4`);
  });
});

it('recognizes only a short trailing suffix as a file name extension', () => {
  expect(splitExtension('a.b.mp4')).toEqual({ stem: 'a.b', extension: '.mp4' });
  expect(splitExtension('Dr. Who and the long tail')).toEqual({
    stem: 'Dr. Who and the long tail',
    extension: '',
  });
  expect(splitExtension('a.')).toEqual({ stem: 'a.', extension: '' });
});

it('composes accents, so that equal names have equal spellings', () => {
  expect(cleanText('e\u0301')).toBe('\u00e9');
});
