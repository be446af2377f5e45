import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, expect, type Browser, type Page } from '@playwright/test';
import { chromiumArgs, chromiumPath } from './support/chromium.js';
import { lengthOf } from './support/media.js';
import { test } from './support/test.js';
import { Widget } from './support/widget.js';

const minutes = 20;
const chunkBytes = 1_000_000;
const mostGrowthBytes = 64e6;

/** Five seconds, over and over. */
function longFilm(outputPath: (name: string) => string): string {
  const [short, long] = [outputPath('short.webm'), outputPath('long.webm')];
  const noise = 'testsrc2=size=640x360:rate=15,noise=alls=60:allf=t';
  const vp8 = ['-c:v', 'libvpx', '-b:v', '2M', '-deadline', 'realtime', '-cpu-used', '8', '-g', '15'];
  const opus = ['-f', 'lavfi', '-i', 'sine=440:d=5', '-c:a', 'libopus', '-b:a', '64k'];
  const quiet = ['-v', 'error', '-y'];
  execFileSync('ffmpeg', [...quiet, '-f', 'lavfi', '-t', '5', '-i', noise, ...opus, ...vp8, short]);
  // A stream, as a recorder writes it: no length, no index.
  const repeat = ['-stream_loop', String(minutes * 12 - 1), '-i', short];
  execFileSync('ffmpeg', [...quiet, ...repeat, '-c', 'copy', '-live', '1', long]);
  return long;
}

/** In place of the browser's recorder: gives the film piece by piece, much faster than it would be recorded. */
function recordsFilm({ origin, count }: { readonly origin: string; readonly count: number }): void {
  // It runs in the page as it is written: nothing that a compiler has helpers for.
  class Recorder extends EventTarget {
    state = 'inactive';
    start(): void {
      this.state = 'recording';
      const give = async (index: number): Promise<void> => {
        if (index === count) return void (document.body.dataset['recorded'] = '');
        const data = await (await fetch(`${origin}/${index}`)).blob();
        this.dispatchEvent(Object.assign(new Event('dataavailable'), { data }));
        return give(index + 1);
      };
      void give(0);
    }
    requestData(): void {
      // All of it is given anyway.
    }
    stop(): void {
      this.state = 'inactive';
      this.dispatchEvent(new Event('stop'));
    }
  }
  Object.assign(Recorder, { isTypeSupported: (type: string) => type.startsWith('video/webm') });
  Object.assign(globalThis, { MediaRecorder: Recorder });
}

/** Piece by piece, by their numbers. */
async function servePieces(film: string): Promise<{ origin: string; close: () => Promise<unknown> }> {
  const server = createServer((request, response) => {
    const start = Number(request.url?.slice(1)) * chunkBytes;
    response.setHeader('Access-Control-Allow-Origin', '*');
    createReadStream(film, { start, end: start + chunkBytes - 1 }).pipe(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Anonymous memory of the renderers, after garbage collection, in bytes. */
async function memoryOf(browser: Browser, page: Page): Promise<number> {
  const client = await page.context().newCDPSession(page);
  await client.send('HeapProfiler.collectGarbage');
  await client.detach();
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => {
      const [, kilobytes] = /RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8')) ?? [];
      return Number(kilobytes) * 1024;
    })
    .reduce((sum, bytes) => sum + bytes, 0);
}

test('a recording of twenty minutes does not grow the page by more than 64 MB, and has its length', async ({
  baseURL,
  sandbox: _first,
}, testInfo) => {
  test.slow();
  const film = longFilm((name) => testInfo.outputPath(name));
  const { size } = statSync(film);
  const count = Math.ceil(size / chunkBytes);
  const pieces = await servePieces(film);
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: [...chromiumArgs, '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
  });
  try {
    const page = await browser.newPage({ baseURL });
    await page.addInitScript(recordsFilm, { origin: pieces.origin, count });
    await new Widget(page).open('&sources=device,camera');
    await page.getByRole('button', { name: 'Camera', exact: true }).click();
    const recorder = page.locator('[data-vodrop="recorder"]');
    await expect(recorder).toHaveAttribute('data-phase', 'ready');
    const before = await memoryOf(browser, page);
    await page.keyboard.press('r');
    await expect(page.locator('body')).toHaveAttribute('data-recorded', '', { timeout: 90_000 });
    const recorded = (await memoryOf(browser, page)) - before;
    await page.keyboard.press('r');
    await expect(recorder).toHaveAttribute('data-phase', 'done', { timeout: 90_000 });
    const saved = (await memoryOf(browser, page)) - before;
    const duration = await lengthOf(recorder.locator('video'));
    const figure = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
    testInfo.annotations.push({
      type: 'growth',
      description: `${figure(size)} recorded: ${figure(recorded)}, and saved: ${figure(saved)}`,
    });
    expect(recorded).toBeLessThan(mostGrowthBytes);
    expect(saved).toBeLessThan(mostGrowthBytes);
    expect(duration).toBeCloseTo(minutes * 60, -1);
  } finally {
    await browser.close();
    await pieces.close();
  }
});
