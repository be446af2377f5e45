// A film of a phone on a slow line, from the drop until the cloud has it: as a smaller copy, and as it is by a peer.
import { spawnSync } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startLine } from './line.mjs';
import { startPageServer, startSink, stubEndpoint } from './sink.mjs';

const shape = { roundTripMs: 50, bitsPerSecond: 10e6 };
const filmBitsPerSecond = 50e6;
/** What the widget asks of the encoder for 1080p at 30 frames a second. */
const copyBitsPerSecond = 4.48e6;

/** As phones record: 4K at 30 frames and 50 Mbit/s of H.264, with the noise of a sensor, and AAC. */
function makeFilm(folder, seconds) {
  const film = path.join(folder, 'phone-4k.mp4');
  const rate = String(filmBitsPerSecond);
  ffmpeg([
    ...['-f', 'lavfi', '-i', `testsrc2=size=3840x2160:rate=30:duration=${seconds}`],
    ...['-f', 'lavfi', '-i', `sine=frequency=440:duration=${seconds}`],
    ...['-vf', 'noise=alls=10:allf=t', '-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-preset', 'ultrafast'],
    ...['-g', '30', '-b:v', rate, '-minrate', rate, '-maxrate', rate, '-bufsize', rate],
    ...['-c:a', 'aac', '-b:a', '128k', film],
  ]);
  return film;
}

/** The same job by ffmpeg, quick settings of x264: what this machine needs for it without a page, and what it looks like. */
function byFfmpeg(folder, film) {
  const copy = path.join(folder, 'ffmpeg.mp4');
  const began = performance.now();
  ffmpeg([
    ...['-i', film, '-vf', 'scale=1920:1080', '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '60'],
    ...['-b:v', String(copyBitsPerSecond), '-c:a', 'copy', copy],
  ]);
  return { ms: performance.now() - began, ...qualityOf(copy, film) };
}

/** `psnr` in dB and `ssim` of a copy, beside the original at the size of the copy. */
function qualityOf(copy, film) {
  const measure = (filter) =>
    ffmpeg([
      ...['-i', copy, '-i', film, '-lavfi'],
      ...[`[1:v]scale=1920:1080:flags=bicubic[o];[0:v]scale=1920:1080[c];[c][o]${filter}`, '-f', 'null', '-'],
    ]);
  const [, psnr] = /average:([\d.]+)/.exec(measure('psnr')) ?? [];
  const [, ssim] = /All:([\d.]+)/.exec(measure('ssim')) ?? [];
  return { psnr: Number(psnr), ssim: Number(ssim) };
}

function ffmpeg(args) {
  const { status, stderr } = spawnSync('ffmpeg', ['-hide_banner', '-nostdin', '-y', ...args], {
    encoding: 'utf8',
    maxBuffer: 64e6,
  });
  if (status !== 0) throw new Error(stderr);
  return stderr;
}

async function onLine(site, run) {
  const sink = await startSink();
  const line = await startLine({ target: sink.port, ...shape });
  const server = await startPageServer(
    site,
    stubEndpoint(() => `http://127.0.0.1:${line.port}`),
  );
  try {
    return await run({ page: `http://127.0.0.1:${server.port}`, store: `http://127.0.0.1:${line.port}` });
  } finally {
    await Promise.all([line.close(), sink.close(), server.close()]);
  }
}

/** The widget with `shrink`: milliseconds from the drop to ready, and the copy that was sent. */
async function smaller({ browser, site, film }) {
  return onLine(site, async (places) => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${places.page}/widget.html#shrink`);
    const input = page.locator('[data-vodrop="uploader"] input[type=file]').first();
    await input.waitFor({ state: 'attached' });
    const began = performance.now();
    await input.setInputFiles(film);
    const copy = page.locator('[data-vodrop="copy"]');
    await copy.waitFor({ timeout: 60_000 });
    await copy.waitFor({ state: 'detached', timeout: 600_000 });
    const shrinkMs = performance.now() - began;
    await page.locator('[data-vodrop="upload"][data-status="ready"]').waitFor({ timeout: 600_000 });
    const ms = performance.now() - began;
    const base64 = await page.evaluate(readCopy);
    await page.context().close();
    return { ms, shrinkMs, copy: Buffer.from(base64, 'base64') };
  });
}

/** Runs in the page: the one copy in the private file system. */
async function readCopy() {
  const find = async (folder) => {
    for await (const entry of folder.values()) {
      const found =
        entry.kind === 'directory' ? await find(entry) : entry.name.endsWith('.mp4') ? entry : undefined;
      if (found) return found;
    }
    return undefined;
  };
  const root = await navigator.storage.getDirectory();
  const file = await (await find(await root.getDirectoryHandle('vodrop-copies'))).getFile();
  const url = await new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.readAsDataURL(file);
  });
  return url.slice(url.indexOf(',') + 1);
}

/** The original, by one of the other clients. */
async function original({ browser, site, film, client }) {
  return onLine(site, async (places) => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(places.page);
    await page.setInputFiles('input', film);
    const { ms } = await page.evaluate(
      ([name, options]) => window.bench.run(name, options),
      [client, { store: places.store }],
    );
    await page.context().close();
    return ms;
  });
}

export async function shrinkCase({ browser, site, file, isQuick, log }) {
  const folder = path.dirname(file(1));
  const seconds = isQuick ? 12 : 60;
  const film = makeFilm(folder, seconds);
  const filmBytes = statSync(film).size;
  // No client that sends the original can be quicker than the line.
  const lineMs = (filmBytes * 8000) / shape.bitsPerSecond;
  log(
    `film: 3840 × 2160, 30 frames/s, H.264 and AAC, ${seconds} s, ${megabytes(filmBytes)}; line: ${shape.bitsPerSecond / 1e6} Mbit/s, ${shape.roundTripMs} ms; copy: 1080p at ${copyBitsPerSecond / 1e6} Mbit/s; no GPU`,
  );
  const ours = await smaller({ browser, site, film });
  const copy = path.join(folder, 'copy.mp4');
  writeFileSync(copy, ours.copy);
  const quality = qualityOf(copy, film);
  log(
    `vodrop: ${megabytes(ours.copy.length)} after ${inSeconds(ours.shrinkMs)}, ready after ${inSeconds(ours.ms)}; PSNR ${quality.psnr} dB, SSIM ${quality.ssim}`,
  );
  const bound = byFfmpeg(folder, film);
  log(
    `ffmpeg makes a copy of that size here in ${inSeconds(bound.ms)} (x264 ultrafast, all cores); PSNR ${bound.psnr} dB, SSIM ${bound.ssim}`,
  );
  const uppyMs = await original({ browser, site, film, client: 'uppy' });
  log(
    `Uppy sent the original in ${inSeconds(uppyMs)}; the line alone takes ${inSeconds(lineMs)} for its bytes`,
  );
  const times = Math.min(uppyMs, lineMs) / ours.ms;
  return {
    figures: {
      ...quality,
      ...{ oursMs: ours.ms, shrinkMs: ours.shrinkMs, uppyMs, lineMs, copyBytes: ours.copy.length, filmBytes },
      ffmpeg: bound,
    },
    goals: [
      {
        what: '4K of a phone, 10 Mbit/s, drop to ready: sooner than the original on that line, by a factor of',
        value: times,
        goal: 'at least 4',
        isMet: times >= 4,
      },
      { what: '  and than Uppy, by a factor of', value: uppyMs / ours.ms },
      // Without hardware the decoder and the encoder decide: with it a film is shrunk several times faster than it plays.
      { what: '  film shrunk in a second, s', value: (seconds * 1000) / ours.shrinkMs },
      { what: '  the same by ffmpeg, s', value: (seconds * 1000) / bound.ms },
      { what: '  PSNR against the original at 1080p, dB', value: quality.psnr },
      { what: '  SSIM against the original at 1080p', value: quality.ssim },
    ],
  };
}

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
const inSeconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
