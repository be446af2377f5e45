import { expect, it } from 'vitest';
import { choicesFor, isSooner, secondsFor } from './shrink-plan.js';

const phone4k = {
  durationSeconds: 60,
  width: 3840,
  height: 2160,
  frameRate: 30,
  bitsPerSecond: 50e6,
  audioBitsPerSecond: 128e3,
  isAudioRaw: false,
};

it('offers a film of 4K at the height of the rule and at 720p, at rates that keep the picture', () => {
  const choices = choicesFor(phone4k, { maxHeight: 1080 });
  expect(choices.map(({ lines }) => lines)).toEqual([1080, 720]);
  expect(choices[0]?.bitsPerSecond).toBeCloseTo(4.48e6, -5);
  expect(choices[0]?.sizeBytes).toBeCloseTo(34.6e6, -6);
  expect(choices[1]?.bitsPerSecond).toBeCloseTo(1.99e6, -5);
});

it('counts sound that is not compressed as it will be', () => {
  const raw = { ...phone4k, audioBitsPerSecond: 1.5e6, isAudioRaw: true };
  const [choice, same] = [choicesFor(raw, {})[0], choicesFor(phone4k, {})[0]];
  expect(choice?.bitsPerSecond).toBe(same?.bitsPerSecond);
  expect(choice?.sizeBytes).toBeCloseTo((same?.sizeBytes ?? 0) + ((160e3 - 128e3) * 60) / 8, -1);
});

it('counts the lines of the shorter side, so that an upright film is treated as one that lies', () => {
  const upright = { ...phone4k, width: 2160, height: 3840 };
  expect(choicesFor(upright, {})).toEqual(choicesFor(phone4k, {}));
});

it('stays below the bit rate of the rule with picture and sound together', () => {
  const [choice] = choicesFor(phone4k, { maxBitsPerSecond: 2e6 });
  expect((choice?.bitsPerSecond ?? 0) + phone4k.audioBitsPerSecond).toBe(2e6);
});

it('shrinks the rate alone where a film is no higher than the rule but far heavier', () => {
  const heavy = { ...phone4k, width: 1280, height: 720 };
  expect(choicesFor(heavy, {}).map(({ lines }) => lines)).toEqual([720]);
});

it('offers nothing for a film that would hardly get smaller', () => {
  const small = { ...phone4k, width: 1920, height: 1080, bitsPerSecond: 5e6 };
  expect(choicesFor(small, { maxHeight: 1080 }).map(({ lines }) => lines)).toEqual([720]);
  expect(choicesFor({ ...small, bitsPerSecond: 2e6 }, {})).toEqual([]);
});

it('adds the time of shrinking to that of sending, and knows none before the line was measured', () => {
  const film = { sizeBytes: 375e6, durationSeconds: 60 };
  const choice = { lines: 1080, bitsPerSecond: 4e6, sizeBytes: 30e6 };
  const times = secondsFor(film, choice, { bytesPerSecond: 1.25e6, shrinkRate: 2 });
  expect(times).toEqual({ original: 300, copy: 54 });
  expect(isSooner(times)).toBe(true);
  expect(isSooner(secondsFor(film, choice, { bytesPerSecond: 50e6, shrinkRate: 2 }))).toBe(false);
  expect(isSooner(secondsFor(film, choice, { bytesPerSecond: undefined, shrinkRate: 2 }))).toBe(false);
  expect(isSooner(secondsFor(film, choice, { bytesPerSecond: 1e6, shrinkRate: undefined }))).toBe(false);
});
