import { describe, expect, it } from 'vitest';
import { createFormat, extensionOf, parseSize, splitName, wholePercent } from './index.js';

const f = createFormat('en');
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

describe('bytes', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1000, '1 kB'],
    [18_400_000_000, '18.4 GB'],
    [2_900_000_000, '2.9 GB'],
    [123_456_789, '123 MB'],
    [999_900_000, '1 GB'],
    [2.5e15, '2,500 TB'],
  ])('says %d as %s: three figures, decimal', (bytes, text) => {
    expect(plain(f.bytes(bytes))).toBe(text);
  });

  it('puts both sides in the unit and the decimals of the total', () => {
    expect(f.bytesOf(11_640_000_000, 18_400_000_000)).toEqual({ done: '11.6', total: '18.4 GB' });
    expect(f.bytesOf(40_000_000, 18_400_000_000).done).toBe('0.0');
    expect(f.bytesOf(500_000, 45_000_000)).toEqual({ done: '0.5', total: '45.0 MB' });
  });

  it('rounds the done side down, so that it does not claim the whole before it is there', () => {
    expect(f.bytesOf(18_399_999_999, 18_400_000_000).done).toBe('18.3');
    expect(f.bytesOf(18_400_000_000, 18_400_000_000).done).toBe('18.4');
  });

  it('says speed with two figures', () => {
    expect(plain(f.speed(48_230_000))).toBe('48 MB/s');
    expect(plain(f.speed(9_460_000))).toBe('9.5 MB/s');
    expect(plain(f.speed(300))).toBe('0.30 kB/s');
  });

  it('uses the digits and the units of the locale', () => {
    const { done, total } = createFormat('de').bytesOf(11_640_000_000, 18_400_000_000);
    expect([done, plain(total)]).toEqual(['11,6', '18,4 GB']);
  });
});

describe('percent', () => {
  it('is floored and never 100 before ready', () => {
    expect(wholePercent(639, 1000)).toBe(63);
    expect(wholePercent(1000, 1000)).toBe(99);
    expect(wholePercent(0, 0)).toBe(0);
  });
});

describe('sizes in words', () => {
  it.each([
    [5, 5],
    ['2GB', 2e9],
    ['500 MB', 5e8],
    ['1.5GiB', 1_610_612_736],
    ['100', 100],
    ['64kb', 64_000],
  ] as const)('%s is %d bytes', (size, bytes) => {
    expect(parseSize(size)).toBe(bytes);
  });
  it.each([['2 potatoes'], ['1.2.3GB'], ['-1GB'], ['']])('answers NaN for the size "%s"', (size) => {
    expect(parseSize(size as `${number}`)).toBeNaN();
  });
});

describe('names', () => {
  it('keeps the last letters and the extension', () => {
    expect(splitName('Keynote_main-stage_final_v3.mov')).toEqual({
      head: 'Keynote_main-stage_final',
      tail: '_v3.mov',
    });
  });
  it('cuts at graphemes, not in the middle of an emoji', () => {
    const family = '👨‍👩‍👧';
    expect(splitName(`A long holiday film ${family}${family}${family}.mp4`).tail).toBe(
      `${family}${family}${family}.mp4`,
    );
  });
  it('does not cut inside a word of a joined script', () => {
    expect(splitName('مقابلة مع المخرجة ليلى حداد.mp4').tail).toBe('.mp4');
  });
  it('leaves short names whole', () => {
    expect(splitName('a.mp4')).toEqual({ head: 'a.mp4', tail: '' });
  });
  it('survives names that are hardly names', () => {
    expect(splitName('')).toEqual({ head: '', tail: '' });
    expect(splitName('x'.repeat(300)).tail).toBe('xxx');
    expect(extensionOf('../../etc/passwd')).toBe('');
  });
});
