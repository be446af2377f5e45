import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it, vi } from 'vitest';

const folder = path.join(import.meta.dirname, '..', 'e2e');
const configs = readdirSync(folder).filter((name) => name.endsWith('.config.ts'));

// A run of Playwright empties the folder of its results before it starts.
it('no configuration of Playwright has its results in the folder of another', async () => {
  vi.stubEnv('S3_ENDPOINT', 'http://127.0.0.1:1');
  const folders = await Promise.all(
    configs.map(async (name) => {
      const { default: config } = await import(/* @vite-ignore */ path.join(folder, name));
      return { name, outputDir: config.outputDir };
    }),
  );
  expect(folders.length).toBeGreaterThan(5);
  const shared = folders.flatMap((one) =>
    folders
      .filter(
        (other) => other !== one && `${other.outputDir}${path.sep}`.startsWith(`${one.outputDir}${path.sep}`),
      )
      .map((other) => `${other.name} in that of ${one.name}`),
  );
  expect(shared).toEqual([]);
});
