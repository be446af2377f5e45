import path from 'node:path';
import { defineConfig } from '@playwright/test';
import base from './playwright.config.js';

/** The configuration of `npm run cable`; scripts/cable.mjs creates the cable. */
export default defineConfig(base, {
  testDir: path.join(import.meta.dirname, 'cable'),
  testMatch: 'cable.ts',
  // One worker, because there is one cable.
  workers: 1,
  outputDir: path.join(import.meta.dirname, '..', 'test-results', 'cable'),
});
