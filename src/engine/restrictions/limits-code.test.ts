import { afterEach, expect, it, vi } from 'vitest';
import { loadProbe } from '../chunks/probe.js';
import { harness, testFile } from '../test-support/harness.js';
import type { Restrictions } from '../types.js';

vi.mock('../chunks/probe.js', () => ({ loadProbe: vi.fn() }));

const gone = () => Promise.reject(new TypeError('Failed to fetch dynamically imported module'));
const load = vi.mocked(loadProbe);

afterEach(() => {
  load.mockReset();
  vi.useRealTimers();
});

/** Adds a film of ten minutes to an uploader whose host reads the headers itself. */
async function add(restrictions: Partial<Restrictions>) {
  const h = harness({ restrictions, ports: { probe: () => Promise.resolve({ durationSeconds: 600 }) } });
  const added = h.uploader.add([testFile(95)]);
  await h.clock.advance(10_000);
  return (await added).rejections.map(({ code }) => code);
}

it('rejects a file whose limits cannot be checked because their code cannot be loaded', async () => {
  load.mockImplementation(gone);
  expect(await add({ maxDurationSeconds: 300 })).toEqual(['code-unavailable']);
  expect(load.mock.calls.length).toBeGreaterThan(1);
});

it('rejects it where the code never comes', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  load.mockReturnValue(new Promise(() => {}));
  const added = add({ maxDurationSeconds: 300 });
  await vi.advanceTimersByTimeAsync(31_000);
  expect(await added).toEqual(['code-unavailable']);
});

// The last: what was loaded is not requested again.
it('checks the limits where their code is there at the second request', async () => {
  const { checkHeaders } = await import('./check-headers.js');
  load.mockImplementationOnce(gone).mockResolvedValue({ checkHeaders, probeMedia: vi.fn() });
  expect(await add({ maxDurationSeconds: 300 })).toEqual(['duration-too-long']);
});
