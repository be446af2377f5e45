import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium } from '@playwright/test';

/**
 * Runs with a function that starts a browser in a profile of its own, as often as it is called: Chromium opens no connections
 * ahead in private windows, which other contexts are.
 */
export async function withProfile({ executablePath }, run) {
  const profile = mkdtempSync(path.join(os.tmpdir(), 'vodrop-bench-'));
  let context;
  const start = async () => {
    await context?.close();
    context = await chromium.launchPersistentContext(profile, {
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic'],
    });
    return context;
  };
  try {
    return await run(start);
  } finally {
    await context?.close();
    rmSync(profile, { recursive: true, force: true });
  }
}
