import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

// The tokens as they are shipped, computed as a browser would: no second list of colours that could differ.
const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8').replace(/\/\*.*?\*\//gs, '');
const darkAt = css.indexOf('@variant dark');
const sources = {
  light: css.slice(0, darkAt),
  dark: css.slice(darkAt, css.indexOf('@media (prefers-contrast')),
};
type Lch = readonly [l: number, c: number, h: number];

const accents = [
  '#2264c7',
  '#ffd400',
  '#b6e600',
  '#00c2d7',
  '#12a150',
  '#ff7a00',
  '#d42020',
  '#e5409b',
  '#7a3ff2',
  '#1e3a8a',
  '#000000',
  '#ffffff',
];
const textPairs = [
  ['text', 'surface'],
  ['text', 'surface-sunken'],
  ['text-muted', 'surface'],
  ['text-muted', 'surface-sunken'],
  ['text-muted', 'surface-raised'],
  ['success', 'surface'],
  ['warning', 'surface'],
  ['danger', 'surface'],
] as const;
const graphicPairs = [
  ['border-control', 'surface'],
  ['border-control', 'surface-sunken'],
  ['held', 'surface'],
  ['held', 'track'],
  ['danger', 'track'],
] as const;

describe.each(['light', 'dark'] as const)('%s', (theme) => {
  const token = (name: string): Lch => {
    const value = new RegExp(`--vodrop-${name}: ([^;]+);`).exec(sources[theme])?.[1] ?? '';
    const numbers = /^oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)$/.exec(value);
    if (numbers) return [Number(numbers[1]), Number(numbers[2]), Number(numbers[3])];
    if (value === '#fff') return [1, 0, 0];
    throw new Error(`--vodrop-${name} is not a plain colour: ${value}`);
  };

  it.each(textPairs)('%s on %s can be read', (text, ground) => {
    expect(contrast(token(text), token(ground))).toBeGreaterThanOrEqual(4.5);
  });
  it.each(graphicPairs)('%s on %s can be seen', (line, ground) => {
    expect(contrast(token(line), token(ground))).toBeGreaterThanOrEqual(3);
  });

  it.each(accents)('any accent keeps its contrast: %s', (accent) => {
    const [l, c, h] = toLch(accent);
    const fill: Lch =
      theme === 'light' ? [Math.min(l, 0.54), c, h] : [Math.max(l, 0.68), Math.min(c, 0.16), h];
    const text: Lch =
      theme === 'light' ? [Math.min(l, 0.5), c, h] : [Math.max(l, 0.76), Math.min(c, 0.13), h];
    expect(contrast(text, token('surface'))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(text, token('surface-sunken'))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(fill, token('surface'))).toBeGreaterThanOrEqual(3);
    expect(contrast(fill, token('track'))).toBeGreaterThanOrEqual(3);
  });
});

it('clamps the accent as the test above computes it', () => {
  expect(sources.light).toContain('--vodrop-accent-fill: oklch(from var(--vodrop-accent) min(l, 0.54) c h)');
  expect(sources.light).toContain('--vodrop-accent-text: oklch(from var(--vodrop-accent) min(l, 0.5) c h)');
  expect(sources.dark).toContain(
    '--vodrop-accent-fill: oklch(from var(--vodrop-accent) max(l, 0.68) min(c, 0.16) h)',
  );
  expect(sources.dark).toContain(
    '--vodrop-accent-text: oklch(from var(--vodrop-accent) max(l, 0.76) min(c, 0.13) h)',
  );
});

/** WCAG 2: relative luminances, the lighter over the darker. */
function contrast(a: Lch, b: Lch): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

// https://bottosson.github.io/posts/oklab/
function luminance([l, c, h]: Lch): number {
  const [a, b] = [c * Math.cos((h * Math.PI) / 180), c * Math.sin((h * Math.PI) / 180)];
  const [x, y, z] = [
    l + 0.3963377774 * a + 0.2158037573 * b,
    l - 0.1055613458 * a - 0.0638541728 * b,
    l - 0.0894841775 * a - 1.291485548 * b,
  ].map((v) => v ** 3) as [number, number, number];
  const clip = (v: number) => Math.min(1, Math.max(0, v));
  return (
    0.2126 * clip(4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z) +
    0.7152 * clip(-1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z) +
    0.0722 * clip(-0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z)
  );
}

function toLch(hex: string): Lch {
  const [r, g, b] = [1, 3, 5]
    .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  const [l, m, s] = [
    0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b,
    0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b,
    0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b,
  ].map(Math.cbrt) as [number, number, number];
  const [L, A, B] = [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
  return [L, Math.hypot(A, B), (Math.atan2(B, A) * 180) / Math.PI];
}
