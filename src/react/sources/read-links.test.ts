import { expect, it } from 'vitest';
import type { AddResult, RejectionCode } from '../../engine/index.js';
import { looksLikeLinks, readLink, splitLinks, tryLinks } from './read-links.js';

it('splits what was pasted at spaces and lines, and takes the same link once', () => {
  expect(splitLinks(' https://a.example/1.mp4\nhttps://a.example/2.mp4  https://a.example/1.mp4')).toEqual([
    'https://a.example/1.mp4',
    'https://a.example/2.mp4',
  ]);
  expect(splitLinks('x y', ['x'])).toEqual(['y']);
});

it('finds the links in a text, without what stands around them', () => {
  const text = `Here are the films:
    1. <https://a.example/1.mp4>, and "https://a.example/2.mp4"; also (https://a.example/3.mp4).
    - [four](https://a.example/4.mp4), https://a.example/5_(final).mp4, www.a.example/6.mp4
    https://a.example/7.mp4,https://a.example/8.mp4?parts=1,2;3`;
  expect(splitLinks(text)).toEqual([
    ...[1, 2, 3, 4].map((number) => `https://a.example/${number}.mp4`),
    'https://a.example/5_(final).mp4',
    'www.a.example/6.mp4',
    'https://a.example/7.mp4',
    'https://a.example/8.mp4?parts=1,2;3',
  ]);
  expect(splitLinks('https://a.example/fetch?from=https://b.example/1.mp4')).toEqual([
    'https://a.example/fetch?from=https://b.example/1.mp4',
  ]);
});

it.each([
  ['视频：https://a.example/1.mp4，https://a.example/2.mp4。', ['1.mp4', '2.mp4']],
  ['第一集https://a.example/1.mp4；第二集https://a.example/2.mp4！', ['1.mp4', '2.mp4']],
  ['「https://a.example/1.mp4」、《片名》（https://a.example/2.mp4）を見て。', ['1.mp4', '2.mp4']],
  [
    'https://a.example/1.mp4｜https://a.example/2.mp4？【https://a.example/3.mp4】',
    ['1.mp4', '2.mp4', '3.mp4'],
  ],
  ['“https://a.example/1.mp4”和“https://a.example/2.mp4”', ['1.mp4', '2.mp4']],
])('finds the links in a text without spaces: %s', (text, names) => {
  expect(splitLinks(text)).toEqual(names.map((name) => `https://a.example/${name}`));
});

it('takes no abbreviation for a link', () => {
  const text = 'e.g./i.e. see https://a.example/1.mp4, www.a.example:8080/2.mp4 or пример.рф/3.mp4';
  expect(splitLinks(text)).toEqual([
    'https://a.example/1.mp4',
    'www.a.example:8080/2.mp4',
    'пример.рф/3.mp4',
  ]);
});

it.each([
  ['(see https://a.example/a_(b).mp4)', 'a_(b).mp4'],
  ['(see https://a.example/a_(b)).', 'a_(b)'],
  ['https://a.example/a_(b)', 'a_(b)'],
  ['[film](https://a.example/a.mp4)', 'a.mp4'],
])('leaves a link the brackets that are its own: %s', (text, name) => {
  expect(splitLinks(text)).toEqual([`https://a.example/${name}`]);
});

it.each([
  ['https://media.example.com/talk.mp4?token=1', undefined, 'MP4'],
  ['https://media.example.com/download/17', undefined, undefined],
  ['http://old.example.com/reel.mp4', 'not-https', undefined],
  ['https://video.example.com/watch?v=7Hq2', 'web-page', undefined],
  ['https://www.youtube.com/embed/abc', 'web-page', undefined],
  ['https://example.com/', 'web-page', undefined],
  ['https://example.com/index.html', 'web-page', undefined],
  ['https://example.com/paper.pdf', 'not-video', undefined],
  ['ftp://example.com/a.mp4', 'no-link', undefined],
  ['talk.mp4', 'no-link', undefined],
  ['https://user:password@example.com/a.mp4', 'password', undefined],
  ['https://user@example.com/a.mp4', 'password', undefined],
])('reads %s: problem %s, type %s', (text, problem, type) => {
  expect(readLink(text, ['https'])).toEqual({ text, problem, type });
});

it('takes http where the endpoint allows it', () => {
  expect(readLink('http://old.example.com/reel.mp4', ['https', 'http']).problem).toBeUndefined();
});

it('knows a paste of links from one of other text', () => {
  expect(looksLikeLinks('https://a.example/1.mp4 https://a.example/2.mp4')).toBe(true);
  expect(looksLikeLinks('https://a.example/1.mp4，https://a.example/2.mp4。')).toBe(true);
  expect(looksLikeLinks('see https://a.example/1.mp4')).toBe(false);
  expect(looksLikeLinks('视频：https://a.example/1.mp4')).toBe(false);
  expect(looksLikeLinks('')).toBe(false);
});

it.each<[RejectionCode, string | undefined]>([
  ['link-invalid', 'too-long'],
  ['file-invalid-type', 'not-video'],
  ['duplicate-file', 'duplicate'],
  ['too-many-files', 'too-many'],
  ['code-unavailable', undefined],
])('shows beside a link that the uploader would reject with %s: %s', async (code, problem) => {
  const texts = ['https://a.example/1.mp4', 'https://a.example/2.mp4', 'no link'];
  const asked: unknown[] = [];
  const addLinks = (links: Iterable<unknown>, options: unknown) => {
    asked.push([...links], options);
    const rejections = [{ code, link: texts[1], file: new File([], '') }];
    return Promise.resolve<AddResult>({ added: [], rejections });
  };
  const links = texts.map((text) => readLink(text, ['https']));
  const tried = await tryLinks({ addLinks }, links);
  expect(tried.map((link) => link.problem)).toEqual([undefined, problem, 'no-link']);
  expect(asked).toEqual([texts.slice(0, 2), { isTrial: true }]);
});
