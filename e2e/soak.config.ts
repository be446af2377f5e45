import path from 'node:path';
import { defineConfig } from '@playwright/test';
import base from './playwright.config.js';

/** `npm run soak`: a bad day for many uploads; see scripts/soak.mjs for its flags. */
export default defineConfig(base, {
  testDir: path.join(import.meta.dirname, 'soak'),
  testMatch: 'soak.ts',
  use: { trace: 'off' },
});
