// Takes the pictures of the demo page for the README, light and dark, and a short moving one: `npm run pictures`. They
// are not compared by any test; look at each before you commit it.
import { fork, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from '@playwright/test';
import { ensureChromium, ensureFfmpeg, ensurePictureFonts } from './browser.mjs';
import { root, run } from './install.mjs';

const folder = path.join(root, 'storybook/pictures/readme');
const size = { width: 1100, height: 860 };
const frames = { everyMs: 250, count: 64, widthPx: 720 };
const movingLimitBytes = 1_500_000;

ensureFfmpeg();
ensurePictureFonts();
const executablePath = ensureChromium();
mkdirSync(folder, { recursive: true });
run(process.execPath, ['scripts/start.mjs', '--build']);
const server = fork(path.join(root, 'scripts/start.mjs'), ['--serve'], {
  cwd: root,
  env: { ...process.env, PORT: '0', SANDBOX_PORT: '0', SANDBOX_PROCESSING_MS: '1500' },
  stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
});
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
try {
  const url = await addressOf(server);
  for (const theme of ['light', 'dark']) {
    const page = await open(url, theme);
    if (theme === 'light') await keep(page, 'demo-idle');
    await page.getByRole('button', { name: 'Slow line' }).click();
    await page.getByRole('button', { name: 'Try with 3 sample videos' }).click();
    if (theme === 'light') await film(page);
    else await untilHalf(page);
    await posters(page);
    await keep(page, `demo-${theme}`);
    await page.context().close();
  }
} finally {
  await browser.close();
  server.kill('SIGTERM');
}

async function open(url, theme) {
  const context = await browser.newContext({ viewport: size, deviceScaleFactor: 1.5, colorScheme: theme });
  const page = await context.newPage();
  await page.goto(`${url}/?theme=${theme}`);
  await page.locator('[data-vodrop="uploader"]').waitFor();
  await page.evaluate(() => document.fonts.ready);
  return page;
}

function keep(page, name) {
  return page.screenshot({ path: path.join(folder, `${name}.jpg`), type: 'jpeg', quality: 82 });
}

/** They come when the machine has time for them; a picture without is better than none. */
async function posters(page) {
  const all = () => document.querySelectorAll('[data-vodrop="upload"] img').length === 3;
  await page.waitForFunction(all, undefined, { timeout: 10_000 }).catch(() => undefined);
}

/** Until one is ready, and the others are on their way. */
async function untilHalf(page) {
  await page.locator('[data-vodrop="upload"][data-status="ready"]').first().waitFor({ timeout: 120_000 });
}

/** From the click until all are ready, as an animation with what the machine managed to take. */
async function film(page) {
  const taken = mkdtempSync(path.join(tmpdir(), 'vodrop-film-'));
  let isHalf = false;
  for (let frame = 0; frame < frames.count; frame += 1) {
    const from = performance.now();
    await page.screenshot({ path: path.join(taken, `${String(frame).padStart(3, '0')}.png`), scale: 'css' });
    const ready = await page.locator('[data-vodrop="upload"][data-status="ready"]').count();
    // Halfway the line gets fast again, so that the end is seen, too.
    if (!isHalf && (ready > 0 || frame > frames.count * 0.6)) {
      isHalf = true;
      await page.getByRole('button', { name: 'Remove the faults' }).click();
    }
    if (await page.getByRole('button', { name: 'Clear list' }).isVisible()) break;
    await new Promise((resolve) => setTimeout(resolve, from + frames.everyMs - performance.now()));
  }
  const file = path.join(folder, 'demo.webp');
  const filter = `fps=4,scale=${frames.widthPx}:-1:flags=lanczos`;
  const input = ['-framerate', '4', '-i', path.join(taken, '%03d.png')];
  const codec = ['-c:v', 'libwebp_anim', '-loop', '0', '-quality', '60', '-compression_level', '6'];
  const { status } = spawnSync('ffmpeg', ['-y', '-v', 'error', ...input, '-vf', filter, ...codec, file], {
    stdio: 'inherit',
  });
  rmSync(taken, { recursive: true });
  if (status !== 0) throw new Error('ffmpeg could not make the moving picture');
  const { size: bytes } = statSync(file);
  if (bytes > movingLimitBytes) throw new Error(`the moving picture is too large: ${bytes} bytes`);
  console.log(`${path.relative(root, file)}: ${(bytes / 1000).toFixed(0)} kB`);
}

function addressOf(child) {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
      const [, url] = /^vodrop ready: (\S+)\/$/m.exec(said) ?? [];
      if (url) resolve(url);
    });
    child.once('exit', () => reject(new Error('the demo ended before it was ready')));
  });
}
