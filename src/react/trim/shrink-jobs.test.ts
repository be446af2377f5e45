// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import { createFakeUploader } from '../../testing/index.js';
import { ShrinkJobs, type Film } from './shrink-jobs.js';

const summary = { durationSeconds: 60, width: 3840, height: 2160 } as Film['summary'];
const choices = [{ lines: 1080, bitsPerSecond: 4.5e6, sizeBytes: 34e6 }];

it('sends the original once, however often the person presses', async () => {
  const engine = createFakeUploader();
  const file = new File(['film'], 'film.mp4', { type: 'video/mp4' });
  const jobs = new ShrinkJobs({ place: 'here' });
  await jobs.ask([{ file, handle: undefined, path: undefined, engine, summary, choices }], 0);
  const id = (jobs.getState().asked[0] as Film & { id: string }).id;
  await Promise.all([jobs.sendOriginal(id), jobs.sendOriginal(id)]);
  expect(engine.calls.filter(({ method }) => method === 'add')).toHaveLength(1);
  expect(jobs.getState().jobs).toEqual([]);
});
