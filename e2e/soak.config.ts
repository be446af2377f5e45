import path from 'node:path';
import { defineConfig } from '@playwright/test';
import base from './playwright.config.js';

/** The configuration of `npm run soak`: many uploads under random faults. scripts/soak.mjs lists the flags. */
export default defineConfig(base, {
  testDir: path.join(import.meta.dirname, 'soak'),
  testMatch: 'soak.ts',
  // A separate directory, so that other tests can run at the same time.
  outputDir: path.join(import.meta.dirname, '..', 'test-results-soak'),
  use: { trace: 'off' },
});
