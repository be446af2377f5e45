import path from 'node:path';
import { defineConfig } from '@playwright/test';
import base from './playwright.config.js';

/** The tests with the tag `@long`, which `npm test` leaves out: formats of films and kinds of outages beyond the first. */
export default defineConfig({
  ...base,
  outputDir: path.join(import.meta.dirname, '..', 'test-results', 'long'),
  grep: /@long/,
  grepInvert: [],
});
