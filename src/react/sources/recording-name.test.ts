import { expect, it } from 'vitest';
import { ar } from '../locales/on-demand/ar.js';
import { he } from '../locales/on-demand/he.js';
import { englishOnDemand } from '../messages/en-on-demand.js';
import { recordingName } from './recording-name.js';

const date = new Date(2026, 10, 5, 9, 7);

it('names a recording by its date and time', () => {
  expect(recordingName(englishOnDemand.sources.recordingName, date)).toBe('Recording 2026-11-05 09.07');
  expect(recordingName(he.sources.recordingName, date)).toContain('2026-11-05 09.07');
});

it('writes the date so that it is not turned round after Arabic letters', () => {
  expect(recordingName(ar.sources.recordingName, date)).toContain('2026.11.05 09.07');
});
