import { expect, it } from 'vitest';
import { avcConfig } from './avc-config.js';

const levelOf = (wish: Partial<Parameters<typeof avcConfig>[0]>) =>
  avcConfig({ width: 1920, height: 1080, bitsPerSecond: 4.5e6, frameRate: 30, ...wish })?.codec;

it('names the lowest level that holds the pictures, so that devices play what they can', () => {
  expect(levelOf({})).toBe('avc1.640028');
  expect(levelOf({ frameRate: 60 })).toBe('avc1.64002a');
  expect(levelOf({ width: 1280, height: 720 })).toBe('avc1.64001f');
  expect(levelOf({ width: 640, height: 360, bitsPerSecond: 6e5 })).toBe('avc1.64001e');
  expect(levelOf({ width: 1080, height: 1920 })).toBe('avc1.640028');
  expect(levelOf({ width: 3840, height: 2160, bitsPerSecond: 2e7, frameRate: 60 })).toBe('avc1.640034');
});

it('takes 30 pictures a second for a film whose rate is not known, and has none for what no level holds', () => {
  expect(levelOf({ frameRate: 0 })).toBe('avc1.640028');
  expect(levelOf({ width: 8192, height: 8192 })).toBeUndefined();
});
