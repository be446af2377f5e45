// A browser at one end of a real TCP line, page, endpoint and store at the other.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from '@playwright/test';
import { serverAddress, startNamespaces } from './namespaces.mjs';

/** `partSizeBytes` is the least that the store takes. Does the work with the browser and the far end of a line of that shape. */
export async function withLine(shape, { executablePath, site, partSizeBytes, log }, work) {
  const line = await startNamespaces(shape);
  log(`${shape.loss * 100}% loss, congestion control: ${line.congestion}`);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'vodrop-bench-'));
  const server = path.join(import.meta.dirname, 'real-line-server.mjs');
  const far = spawn('ip', [...line.onServer, process.execPath, server, site, String(partSizeBytes)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const answers = createInterface({ input: far.stdout })[Symbol.asyncIterator]();
  const ask = async (message) => {
    if (message) far.stdin.write(`${message}\n`);
    return JSON.parse((await answers.next()).value);
  };
  // Playwright starts a browser by its path alone.
  const start = path.join(folder, 'chromium');
  const command = `ip ${line.onClient.join(' ')} ${executablePath ?? chromium.executablePath()}`;
  writeFileSync(start, `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o755 });
  let browser;
  try {
    browser = await chromium.launch({
      executablePath: start,
      args: [
        ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
        // A name in `localhost` is a secure context, and no resolver is asked for it.
        `--host-resolver-rules=MAP *.localhost ${serverAddress}`,
      ],
    });
    await work({ browser, ask, addresses: await ask(), partSizeBytes });
  } finally {
    await browser?.close();
    far.stdin.end();
    await new Promise((resolve) => far.once('exit', resolve));
    rmSync(folder, { recursive: true, force: true });
    await line.close();
  }
}

/** The rate of one upload in a page of its own, by what has come to the store: from the drop, and from the first part. */
export async function send(
  { ask, ...far },
  { name, client = 'vodrop', names = 1, options = {}, stopAfterMs },
) {
  const { page, begin } = await openPage(far, { name, client, options });
  try {
    // What was stopped before has not ended for the far end yet.
    while ((await ask('look')).open > 0) await page.waitForTimeout(50);
    await ask(`names ${names}`);
    await ask('reset');
    const started = performance.now();
    const run = begin();
    if (stopAfterMs) {
      run.catch(() => {});
      await Promise.race([run, page.waitForTimeout(stopAfterMs)]);
    } else await run;
    const seconds = (performance.now() - started) / 1000;
    const { bytes, movingMs, ...seen } = await ask('look');
    const mbPerSecond = bytes / 1e6 / seconds;
    return { mbPerSecond, moving: bytes / 1e3 / movingMs, ...seen };
  } finally {
    await page.context().close();
  }
}

export async function openPage(
  { browser, addresses, partSizeBytes },
  { name, client = 'vodrop', options = {} },
) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(addresses.page);
  await page.setInputFiles('input', name);
  const setting = { store: addresses.store, partSizeBytes, ...options };
  if (client === 'vodrop') await page.evaluate((given) => window.bench.prepare(given), setting);
  await page.waitForLoadState('networkidle');
  return {
    page,
    begin: () => page.evaluate(([id, given]) => window.bench.run(id, given), [client, setting]),
  };
}
