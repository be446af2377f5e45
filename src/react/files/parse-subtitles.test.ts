import { describe, expect, it } from 'vitest';
import { decodeSubtitles, languageIn, parseSubtitles } from './parse-subtitles.js';

const srt = '1\n00:00:01,000 --> 00:00:02,500\nHello\n\n2\n00:00:03,000 --> 00:00:04,000\nthere\n';

describe('parseSubtitles', () => {
  it.each([
    ['SubRip', srt, 2],
    ['SubRip with Windows line ends and a byte order mark', `\ufeff${srt.replaceAll('\n', '\r\n')}`, 2],
    [
      'WebVTT',
      'WEBVTT - a title\n\nNOTE a remark\n\nSTYLE\n::cue { color: red }\n\n00:01.000 --> 00:02.000 line:90%\nHello',
      1,
    ],
    ['SubRip with a blank line inside a cue', srt.replace('Hello\n', 'Hello\n\nthere,\n'), 2],
    ['SubRip with a line of credits at the end', `${srt}\nSubtitles by a volunteer\n`, 2],
    ['SubRip with a blank line between number and time', srt.replace('2\n', '2\n\n'), 2],
    ['SubRip without spaces around the arrow', srt.replaceAll(' --> ', '-->'), 2],
    ['WebVTT with names of cues', 'WEBVTT\n\nintro\n01:00:01.000 --> 01:00:02.000\nHello\n', 1],
  ])('counts the cues of %s', (_name, text, cues) => {
    expect(parseSubtitles(text)).toEqual({ cues });
  });

  it.each([
    ['text', 'This is no subtitle file.\n', { what: 'unreadable', line: 1 }],
    ['bytes', '\u0000\u0001\u0002', { what: 'unreadable', line: 1 }],
    ['an empty one', 'WEBVTT\n\n', { what: 'empty', line: 1 }],
    ['a time that cannot be read', '1\n00:00:01,000 --> later\nHello\n', { what: 'time', line: 2 }],
    ['one without a time', `${srt}\n3\nno time\n`, { what: 'time', line: 9 }],
    [
      'one that ends before it starts',
      `${srt}\n3\n00:00:09,000 --> 00:00:08,000\nHello\n`,
      { what: 'backwards', line: 10 },
    ],
  ])('says what is wrong with %s, and in which line of the subtitles', (_name, text, trouble) => {
    expect(parseSubtitles(text)).toEqual({ trouble });
  });
});

it('finds the language of subtitles in the file name', () => {
  const languages = ['en', 'zh-CN', 'zh-TW', 'de'];
  expect(languageIn('talk.en.srt', languages)).toBe('en');
  expect(languageIn('ridge_zh-TW.vtt', languages)).toBe('zh-TW');
  expect(languageIn('ridge zh.vtt', languages)).toBe('zh-CN');
  expect(languageIn('garden.srt', languages)).toBeUndefined();
});

it.each([
  ['UTF-8', [0x64, 0xc3, 0xa9, 0x6a, 0xc3, 0xa0], 'déjà'],
  ['UTF-8 with a byte order mark', [0xef, 0xbb, 0xbf, 0xc3, 0xa9], 'é'],
  ['UTF-16, little endian', [0xff, 0xfe, 0x64, 0, 0xe9, 0], 'dé'],
  ['UTF-16, big endian', [0xfe, 0xff, 0, 0x64, 0, 0xe9], 'dé'],
  ['Latin-1 with a single accent', [0x64, 0xe9, 0x6a], undefined],
  ['Latin-1 with two accents', [0x64, 0xe9, 0x6a, 0xe0], undefined],
  ['GBK', [0xc4, 0xe3, 0xba, 0xc3], undefined],
])('decodes subtitles in %s, or says that it cannot', (_name, bytes, text) => {
  expect(decodeSubtitles(new Uint8Array(bytes))).toBe(text);
});
