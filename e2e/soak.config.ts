import path from 'node:path';
import { defineConfig } from '@playwright/test';
import base from './playwright.config.js';

/** `npm run soak`: a bad day for many uploads; see scripts/soak.mjs for its flags. */
export default defineConfig(base, {
  testDir: path.join(import.meta.dirname, 'soak'),
  testMatch: 'soak.ts',
  // Of its own, so that other tests may run meanwhile.
  outputDir: path.join(import.meta.dirname, '..', 'test-results-soak'),
  use: { trace: 'off' },
});
