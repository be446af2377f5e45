import { appendFileSync } from 'node:fs';
import { beforeAll, expect, it, vi } from 'vitest';
import { cloudNames, type CloudName } from './clouds.js';
import { warmUp } from './warm-up.js';
import { simulate } from './world.js';

/**
 * Engines, endpoint and clouds in one process, with everything that can happen between them. `VODROP_SIMULATION_SEED`
 * replays one seed and prints what happened in it; `npm run simulate` makes more runs than these.
 */
const env = (name: string) => process.env[`VODROP_SIMULATION_${name}`] || undefined;
const replayed = env('SEED');
const cloud = env('PROVIDER') as CloudName | undefined;
const gapsOn = new Set(env('GAPS')?.split(','));
const first = Number(replayed ?? env('FIRST') ?? 1);
const step = Number(env('STEP') ?? 1);
const runs = replayed === undefined ? Number(env('RUNS') ?? 500) : 1;
const report = env('REPORT');

if (cloud !== undefined && !cloudNames.includes(cloud))
  throw new Error(`The provider is one of ${cloudNames.join(', ')}.`);

// The developer's warnings are of no use here.
vi.stubEnv('NODE_ENV', 'production');
beforeAll(() => warmUp(() => vi.dynamicImportSettled()), 120_000);

it.skipIf(report !== undefined || replayed !== undefined)(
  'gives the same events in the same order for the same seed',
  async () => {
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const earlier = await simulate(seed, { keepsLog: true });
      const later = await simulate(seed, { keepsLog: true });
      expect(later.log).toEqual(earlier.log);
      expect(later.logHash).toBe(earlier.logHash);
    }
  },
  // Sixteen runs with their logs: seconds, or half a minute where others use the machine.
  300_000,
);

/**
 * They failed once, and are beyond the runs below: the browser kept no record of a start, its data were cleared, or the
 * cloud did not answer when a start was taken back.
 */
it.skipIf(report !== undefined || replayed !== undefined).each([2703, 2721, 3770, 6705, 11410, 12531, 19976])(
  'finds nothing in seed %i, which failed before',
  async (seed) => {
    const { complaints } = await simulate(seed, {});
    expect(complaints).toEqual([]);
  },
  60_000,
);

it(
  'loses, mixes, doubles and leaves nothing, and says only what is true, whatever happens',
  async () => {
    const failed: Record<string, readonly string[]> = {};
    for (let run = 0; run < runs; run += 1) {
      const result = await simulate(first + run * step, { cloud, gapsOn, keepsLog: replayed !== undefined });
      const { seed, complaints, eventCount, log } = result;
      if (replayed !== undefined) process.stdout.write(`${log.join('\n')}\n`);
      if (report !== undefined)
        appendFileSync(report, `${JSON.stringify({ seed, cloud: result.cloud, complaints, eventCount })}\n`);
      else if (complaints.length > 0)
        failed[`seed ${seed}, ${result.cloud}`] = complaints.map(({ text }) => text);
    }
    expect(failed).toEqual({});
  },
  report === undefined ? 600_000 : 24 * 3_600_000,
);
