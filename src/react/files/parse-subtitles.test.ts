import { describe, expect, it } from 'vitest';
import { languageIn, parseSubtitles } from './parse-subtitles.js';

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
    ['WebVTT with names of cues', 'WEBVTT\n\nintro\n01:00:01.000 --> 01:00:02.000\nHello\n', 1],
  ])('counts the lines of %s', (_name, text, cues) => {
    expect(parseSubtitles(text)).toEqual({ cues });
  });

  it.each([
    ['text', 'This is no subtitle file.\n', { what: 'unreadable', line: 1 }],
    ['bytes', '\u0000\u0001\u0002', { what: 'unreadable', line: 1 }],
    ['another encoding', '\ufffd\ufffd\ufffd\n', { what: 'unreadable', line: 1 }],
    ['an empty one', 'WEBVTT\n\n', { what: 'empty', line: 1 }],
    ['a time that cannot be read', '1\n00:00:01,000 --> later\nHello\n', { what: 'time', line: 2 }],
    ['one without a time', `${srt}\n3\nno time\n`, { what: 'time', line: 9 }],
    [
      'one that ends before it starts',
      `${srt}\n3\n00:00:09,000 --> 00:00:08,000\nHello\n`,
      { what: 'backwards', line: 10 },
    ],
  ])('says what is wrong with %s, and where', (_name, text, trouble) => {
    expect(parseSubtitles(text)).toEqual({ trouble });
  });
});

it('finds the language in a name', () => {
  const languages = ['en', 'zh-CN', 'zh-TW', 'de'];
  expect(languageIn('talk.en.srt', languages)).toBe('en');
  expect(languageIn('ridge_zh-TW.vtt', languages)).toBe('zh-TW');
  expect(languageIn('ridge zh.vtt', languages)).toBe('zh-CN');
  expect(languageIn('garden.srt', languages)).toBeUndefined();
});
