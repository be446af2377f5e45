import { expect, it } from 'vitest';
import { fitCut, moveCut, preciseTime, stepCut, type CutRules } from './cut-points.js';

const lossless: CutRules = { durationSeconds: 12, mode: 'lossless', keySeconds: [0, 2, 4, 6, 8, 10] };
const exact: CutRules = { ...lossless, mode: 'exact' };
const whole = { start: 0, end: 12 };

it('moves a lossless point to the nearest key frame', () => {
  expect(moveCut(whole, 'start', 4.7, lossless)).toEqual({ start: 4, end: 12 });
  expect(moveCut(whole, 'end', 7.2, lossless)).toEqual({ start: 0, end: 8 });
});

it('moves a lossless point by one key frame where a step is shorter than the distance between them', () => {
  expect(stepCut(whole, 'start', 0.04, lossless)).toEqual({ start: 2, end: 12 });
  expect(stepCut(whole, 'end', 11.9, lossless)).toEqual({ start: 0, end: 10 });
  expect(stepCut({ start: 4, end: 12 }, 'start', 3.5, lossless)).toEqual({ start: 2, end: 12 });
});

it('leaves a lossless point where it is while the pointer is nearest to it', () => {
  expect(moveCut({ start: 4, end: 12 }, 'start', 4.6, lossless)).toEqual({ start: 4, end: 12 });
});

it('lets a lossless film end where it ends, between two key frames', () => {
  expect(moveCut({ start: 0, end: 10 }, 'end', 12, lossless)).toEqual(whole);
});

it('keeps the points of a cut apart and inside of the film', () => {
  expect(moveCut({ start: 4, end: 6 }, 'start', 9, lossless)).toEqual({ start: 4, end: 6 });
  expect(moveCut({ start: 4, end: 6 }, 'start', 9, exact)).toEqual({ start: 5.8, end: 6 });
  expect(moveCut(whole, 'end', 99, exact)).toEqual(whole);
  expect(moveCut(whole, 'start', -3, exact)).toEqual(whole);
});

it('moves an exact point to where it is wanted', () => {
  expect(moveCut(whole, 'start', 4.72, exact)).toEqual({ start: 4.72, end: 12 });
});

it('fits an exact cut to key frames when it becomes lossless, and offers the whole where nothing fits', () => {
  expect(fitCut({ start: 3.9, end: 8.3 }, lossless)).toEqual({ start: 4, end: 8 });
  expect(fitCut({ start: 4.1, end: 4.4 }, { ...lossless, keySeconds: [0] })).toEqual({ start: 0, end: 12 });
});

it('writes times with hundredths', () => {
  expect([12.676, 165.36, 3725.5, 59.999].map(preciseTime)).toEqual([
    '0:12.68',
    '2:45.36',
    '1:02:05.50',
    '1:00.00',
  ]);
});
