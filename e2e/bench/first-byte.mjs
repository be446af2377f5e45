// The time from a drop to the first byte of a part at the store, step by step, in round trips.
import { startLine } from './line.mjs';
import { withProfile } from './profile.mjs';
import { realEndpoint } from './real-endpoint.mjs';
import { startPageServer, startSink } from './sink.mjs';

const roundTripMs = 100;
const firstByte = 'first byte of a part at the store';

/**
 * `warm`: the page has stood for a second, and the pointer with the file has been over it for half of one. `cold`: the
 * pointer with the file comes and the file is dropped as the uploader is made, on a page that has loaded nothing of it.
 */
export async function firstByteCase({ executablePath, site, file, rounds, log }) {
  const figures = {};
  const goals = [];
  for (const [size, sizeBytes] of [
    ['1 GB', 1e9],
    ['20 MB', 20e6],
  ]) {
    for (const [state, most] of [
      ['warm', 3.5],
      ['cold', 5],
    ]) {
      const runs = [];
      for (let round = 0; round < rounds; round++)
        runs.push(await drop({ executablePath, site, name: file(sizeBytes), isWarm: state === 'warm' }));
      runs.sort((a, b) => a.at(-1).ms - b.at(-1).ms);
      const typical = runs[Math.floor(runs.length / 2)];
      log(`${size}, ${state}: round trips since the drop`);
      for (const { what, ms } of typical) log(`  ${(ms / roundTripMs).toFixed(2).padStart(5)}  ${what}`);
      const value = typical.at(-1).ms / roundTripMs;
      figures[`${size}, ${state}`] = { value, steps: typical, all: runs.map((steps) => steps.at(-1).ms) };
      goals.push({
        what: `${size}, ${state}: from drop to first byte at the store, in round trips of ${roundTripMs} ms`,
        value,
        goal: `at most ${most}`,
        isMet: value <= most,
      });
    }
  }
  return { figures, goals };
}

async function drop({ executablePath, site, name, isWarm }) {
  let began = Infinity;
  const steps = [];
  const note = (what) => {
    const ms = performance.now() - began;
    if (ms >= 0) steps.push({ what, ms });
  };
  let reached = () => {};
  const isReached = new Promise((resolve) => (reached = resolve));
  const sink = await startSink({
    onRequest(method, query) {
      // The endpoint's own calls go there, too.
      if (method === 'OPTIONS') note('preflight of a part arrives at the store');
      if (method !== 'PUT' || !query.has('partNumber')) return;
      note(firstByte);
      reached();
    },
  });
  const storeLine = await startLine({
    target: sink.port,
    roundTripMs,
    onConnection: () => note('connection to the store is opened'),
  });
  const server = await startPageServer(site, realEndpoint(`http://127.0.0.1:${storeLine.port}`, sink.port), {
    onRequest: (path, isAnswered) => note(`${path} ${isAnswered ? 'is answered' : 'arrives'}`),
  });
  const pageLine = await startLine({
    target: server.port,
    roundTripMs,
    onConnection: () => note('connection to the page is opened'),
  });
  try {
    return await withProfile({ executablePath }, async (startBrowser) => {
      const page = await (await startBrowser()).newPage();
      await page.goto(`http://127.0.0.1:${pageLine.port}/`);
      await page.setInputFiles('input', name);
      // The start of the browser itself is not measured.
      await page.waitForTimeout(1000);
      const setting = { provider: 's3' };
      if (isWarm) {
        await page.evaluate((options) => window.bench.prepare(options), setting);
        await page.waitForTimeout(1000);
        await page.evaluate(() => window.bench.approach());
        await page.waitForTimeout(500);
      }
      began = performance.now();
      page
        .evaluate((options) => window.bench.run('vodrop', options), { ...setting, isApproached: !isWarm })
        .catch(() => {});
      await isReached;
      return steps.slice(0, steps.findIndex(({ what }) => what === firstByte) + 1);
    });
  } finally {
    await Promise.all([storeLine.close(), pageLine.close(), server.close(), sink.close()]);
  }
}
