import { expect, it } from 'vitest';
import { looksLikeLinks, readLink, splitLinks } from './read-links.js';

it('splits what was pasted at spaces and lines, and takes the same link once', () => {
  expect(splitLinks(' https://a.example/1.mp4\nhttps://a.example/2.mp4  https://a.example/1.mp4')).toEqual([
    'https://a.example/1.mp4',
    'https://a.example/2.mp4',
  ]);
  expect(splitLinks('x y', ['x'])).toEqual(['y']);
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
  [`https://example.com/${'a'.repeat(2048)}.mp4`, 'too-long', undefined],
])('reads %s: problem %s, type %s', (text, problem, type) => {
  expect(readLink(text, ['https'])).toEqual({ text, problem, type });
});

it('takes http where the endpoint allows it', () => {
  expect(readLink('http://old.example.com/reel.mp4', ['https', 'http']).problem).toBeUndefined();
});

it('knows a paste of links from one of other text', () => {
  expect(looksLikeLinks('https://a.example/1.mp4 https://a.example/2.mp4')).toBe(true);
  expect(looksLikeLinks('see https://a.example/1.mp4')).toBe(false);
  expect(looksLikeLinks('')).toBe(false);
});
