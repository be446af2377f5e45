import path from 'node:path';
import { defineConfig } from '@playwright/test';
import base from './playwright.config.js';

/**
 * Tests the widget against a real store: a Ceph gateway, whose settings `scripts/ceph.mjs` puts into the environment. The
 * demo uses it for its provider `s3` like any other store.
 */
if (!process.env['S3_ENDPOINT'])
  throw new Error('These tests need a store: node scripts/ceph.mjs starts one and prints its settings.');

export default defineConfig(base, {
  testDir: path.join(import.meta.dirname, 'ceph'),
  testMatch: '*.ceph.ts',
  outputDir: path.join(import.meta.dirname, '..', 'test-results', 'ceph'),
  // One worker, because there is one store.
  workers: 1,
});
