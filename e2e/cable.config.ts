import path from 'node:path';
import { defineConfig } from '@playwright/test';
import base from './playwright.config.js';

/** `npm run cable`: see scripts/cable.mjs, which lays it. */
export default defineConfig(base, {
  testDir: path.join(import.meta.dirname, 'cable'),
  testMatch: 'cable.ts',
  // There is one cable.
  workers: 1,
  outputDir: path.join(import.meta.dirname, '..', 'test-results', 'cable'),
});
