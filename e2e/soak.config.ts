import path from 'node:path';
import { defineConfig } from '@playwright/test';
import base from './playwright.config.js';

/** The configuration of `npm run soak`: many uploads under random faults. scripts/soak.mjs lists the flags. */
export default defineConfig(base, {
  testDir: path.join(import.meta.dirname, 'soak'),
  testMatch: 'soak.ts',
  // A separate directory for each seed: other tests may run at the same time, and the log of a failed run is kept.
  outputDir: path.join(
    import.meta.dirname,
    '..',
    'test-results-soak',
    process.env['VODROP_SOAK_SEED'] ?? '1',
  ),
  use: { trace: 'off' },
});
