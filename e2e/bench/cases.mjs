// One function for each question. Each returns its raw figures and `goals`: the measured values against the targets.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { badLineCase } from './bad-line.mjs';
import { costCase } from './cost.mjs';
import { firstByteCase } from './first-byte.mjs';
import { seeded, startLine } from './line.mjs';
import { realEndpoint } from './real-endpoint.mjs';
import { longLineCase } from './long-line.mjs';
import { addManyCase, manyButtonsCase } from './many-files.mjs';
import { resumeCase } from './resume.mjs';
import { shrinkCase } from './shrink.mjs';
import { startPageServer, startSink, stubEndpoint } from './sink.mjs';

const mebibyte = 1024 * 1024;

/** So long ten thousand files may be sent in all rounds; the rest of two minutes is for starting. */
const sendingMs = 80_000;
/** The time of vodrop, and of an XHR that asks for its URLs, beside that of plain XHR; with some to spare. */
const slowness = 2;

export const cases = {
  /** One file of 1 GB on loopback: the cost of the integrity checks. */
  async large({ browser, site, file, rounds, isQuick, log }) {
    const name = file(isQuick ? 200e6 : 1e9);
    const sizeBytes = isQuick ? 200e6 : 1e9;
    const figures = await inTurns(
      ['xhr', 'vodrop', 'cos', 'uppy'],
      rounds,
      (client) => once({ browser, site, client, name }),
      ({ ms }) => sizeBytes / 1e6 / (ms / 1000),
      'MB/s',
      log,
    );
    const toXhr = ratios(figures.vodrop, figures.xhr);
    const toCos = ratios(figures.vodrop, figures.cos);
    return {
      figures,
      goals: [
        { what: '1 GB, every part hashed: vodrop, MB/s', value: median(figures.vodrop) },
        goal('  of plain parallel XHR without integrity', median(toXhr), 0.6),
        goal('  of cos-js-sdk-v5 with MD5 on', median(toCos), 1.9),
      ],
    };
  },

  /** A file of medium size on a line that loses one segment in a hundred. */
  async lossy({ browser, site, file, rounds, isQuick, log }) {
    const sizeBytes = isQuick ? 8e6 : 32e6;
    const name = file(sizeBytes);
    const shape = { roundTripMs: 50, bitsPerSecond: 100e6, loss: 0.01 };
    const figures = await inTurns(
      ['vodrop', 'xhr', 'uppy'],
      Math.min(rounds, 3),
      (client) => once({ browser, site, client, name, shape }),
      ({ ms }) => (sizeBytes * 8) / 1e6 / (ms / 1000),
      'Mbit/s',
      log,
    );
    return {
      figures,
      goals: [
        { what: '32 MB, 50 ms, 100 Mbit/s, 1% loss: vodrop, Mbit/s', value: median(figures.vodrop) },
        goal('  of Uppy 6', median(ratios(figures.vodrop, figures.uppy)), 4),
        goal('  of plain XHR with 16 MiB parts', median(ratios(figures.vodrop, figures.xhr)), 2),
      ],
    };
  },

  /** A real TCP line that loses one segment in a hundred: over one name of a store, and over two. */
  badLine: badLineCase,

  /** The same line without loss: the share of its capacity that is used. */
  async clean({ browser, site, file, rounds, log }) {
    const sizeBytes = 64e6;
    const name = file(sizeBytes);
    const shape = { roundTripMs: 50, bitsPerSecond: 100e6 };
    const ideal = (sizeBytes * 8) / 100e6;
    const transfers = { vodrop: [], xhr: [] };
    const run = async (client) => {
      const result = await once({ browser, site, client, name, shape });
      transfers[client].push(ideal / ((result.lastPutMs - result.firstPutMs) / 1000));
      return result;
    };
    const figures = await inTurns(
      ['vodrop', 'xhr'],
      Math.min(rounds, 5),
      run,
      ({ ms }) => ideal / (ms / 1000),
      'of the line, from drop to end',
      log,
    );
    return {
      figures,
      transfers,
      goals: [
        goal(
          '64 MB, 50 ms, 100 Mbit/s, no loss: share of the line while bytes move',
          median(transfers.vodrop),
          0.95,
        ),
        // Round trips set the limit, not the rate of the line: start, sign, the handshake with the store, its preflight,
        // the transit of the first byte and finish take 5.5 of them, 275 ms in addition to the 5.12 s for the bytes.
        { what: '  from drop to confirmed (bound by 5.5 round trips: 0.949)', value: median(figures.vodrop) },
        { what: '  plain XHR from drop to last answer, without endpoint calls', value: median(figures.xhr) },
      ],
    };
  },

  /** One thousand small files through the real endpoint. */
  async thousand({ browser, site, file, rounds, isQuick, log }) {
    const count = isQuick ? 100 : 1000;
    const name = file(count * 100_000);
    const shape = { roundTripMs: 50 };
    const calls = [];
    const figures = await inTurns(
      ['xhr', 'vodrop'],
      Math.min(rounds, 3),
      async (client) => {
        const result = await once({
          browser,
          site,
          client,
          name,
          shape,
          options: { count, provider: 's3' },
          isReal: true,
        });
        if (client === 'vodrop') calls.push(Object.values(result.calls).reduce((sum, one) => sum + one, 0));
        return result;
      },
      ({ ms }) => ms / 1000,
      's',
      log,
    );
    return {
      figures,
      calls,
      goals: [
        atMost(
          '1,000 files of 100 KB at 50 ms, drop to last confirm: time of plain XHR PUTs',
          median(ratios(figures.vodrop, figures.xhr)),
          1.25,
        ),
        atMost('  calls to the endpoint', median(calls), 79),
      ],
    };
  },

  /** Ten thousand files and fifty thousand at once in the widget. */
  tenThousand: addManyCase,

  /** Pause all, resume all, cancel all, retry all and "Clear list" with ten thousand files. */
  tenThousandButtons: manyButtonsCase,

  /** Ten thousand small files through the real endpoint; fewer where those would take more than two minutes. */
  async tenThousandSent({ browser, site, file, rounds, isQuick, log }) {
    const send = (client, count) =>
      once({
        browser,
        site,
        client,
        name: file(count * 10_000),
        shape: { roundTripMs: 10 },
        options: { count, provider: 's3' },
        isReal: true,
      });
    const turns = Math.min(rounds, isQuick ? 1 : 2);
    const most = isQuick ? 1000 : 10_000;
    const trial = 500;
    const { ms } = await send('xhr', trial);
    const affordable = 100 * Math.floor(((sendingMs / (turns * (1 + 2 * slowness) * ms)) * trial) / 100);
    const count = Math.max(trial, Math.min(most, affordable));
    if (count < most)
      log(
        `${count} files in place of ${most}: plain XHR takes ${(ms / trial).toFixed(1)} ms for each here, ` +
          `and ${turns} rounds with ${most} would take more than two minutes`,
      );
    const figures = await inTurns(
      ['xhr', 'askingXhr', 'vodrop'],
      turns,
      (client) => send(client, count),
      (result) => result.ms / 1000,
      's',
      log,
    );
    return {
      figures: { count, ...figures },
      goals: [
        goal(
          `${count} files of 10 KB at 10 ms, drop to last confirm: rate, of plain XHR PUTs`,
          median(ratios(figures.xhr, figures.vodrop)),
          0.85,
        ),
        // A page that sends to presigned URLs has to ask for them; those of plain XHR above cost nothing.
        {
          what: '  of plain XHR PUTs that ask the same endpoint for the URL of each file',
          value: median(ratios(figures.askingXhr, figures.vodrop)),
        },
      ],
    };
  },

  /**
   * The time left that the widget and Uppy show for seven files, on a steady, an unsteady and a cut line, beside the
   * truth. Uppy counts bytes that the system has taken as sent, and on loopback that is several MB for each request: the
   * figures of its lines are low for that reason, too. With the throttling of the browser, whose progress is exact, its
   * time left was ten times the truth after 5 s of a steady line, and three times near the end.
   */
  async timeLeft({ browser, site, log }) {
    const bitsPerSecond = 16e6;
    const waves = seeded(7);
    const seconds = Array.from({ length: 300 }, () => 0.4 + 1.2 * waves());
    const cut = { fromMs: 12_000, toMs: 20_000 };
    const lines = {
      steady: () => bitsPerSecond,
      unsteady: (ms) => bitsPerSecond * (seconds[Math.floor(ms / 1000) % seconds.length] ?? 1),
      cut: (ms) => (ms > cut.fromMs && ms < cut.toMs ? 0 : bitsPerSecond),
    };
    const judge = ({ samples, ms: endMs }, name) =>
      samples
        .map(({ ms, text }) => ({ ms, text, left: secondsLeft(text) }))
        .filter(({ ms, left }) => ms >= 5000 && left !== undefined)
        .map((sample) => {
          // A cut cannot be foreseen: an estimate made before it is compared with the time in which bytes move.
          const ahead = name === 'cut' && sample.ms < cut.fromMs ? cut.toMs - cut.fromMs : 0;
          const truth = (endMs - sample.ms - ahead) / 1000;
          const [a, b] = [Math.max(2, sample.left), Math.max(2, truth)];
          return { ...sample, truth, factor: Math.max(a / b, b / a) };
        });
    const shareOf = (shown) => shown.filter(({ factor }) => factor <= 1.5).length / shown.length;
    const worstOf = (shown) => Math.max(...shown.map(({ factor }) => factor));
    const risesOf = (shown) =>
      shown.filter(({ left }, index) => index > 0 && left > shown[index - 1].left).length;
    const figures = {};
    const goals = [];
    for (const [name, rate] of Object.entries(lines)) {
      const shown = judge(await watchOver({ browser, site, rate, client: 'vodrop' }), name);
      const peer = judge(await watchOver({ browser, site, rate, client: 'uppy' }), name);
      // Both begin with the first byte, so a sample of one and a sample of the other belong to the same half second.
      const halfSecond = ({ ms }) => Math.round(ms / 500);
      const says = (sample) =>
        sample ? `says ${sample.left} s, true ${sample.truth.toFixed(1)} s` : 'says nothing';
      for (const half of new Set([...shown, ...peer].map(halfSecond).sort((a, b) => a - b))) {
        const at = (samples) => samples.find((sample) => halfSecond(sample) === half);
        log(`${name} ${(half / 2).toFixed(1)} s: vodrop ${says(at(shown))}; Uppy ${says(at(peer))}`);
      }
      figures[name] = { vodrop: shown, uppy: peer };
      goals.push(
        goal(`time left, ${name} line: share of samples within a factor of 1.5`, shareOf(shown), 0.9),
      );
      goals.push(atMost('  the worst factor', worstOf(shown), 3));
      if (name === 'steady') goals.push(atMost('  times it rose', risesOf(shown), 0));
      goals.push({ what: '  Uppy 6, total: share within a factor of 1.5', value: shareOf(peer) });
      goals.push({ what: '  Uppy 6, total: the worst factor', value: worstOf(peer) });
      goals.push({ what: '  Uppy 6, total: times it rose', value: risesOf(peer) });
    }
    return { figures, goals };
  },

  /** Two gigabytes, and the first two of a file of fifty: does the page stay responsive and memory constant? */
  async memory({ browser, site, file, isQuick, log }) {
    const goals = [];
    const figures = {};
    for (const [label, name, options] of [
      ['2 GB', file(isQuick ? 200e6 : 2e9), {}],
      [
        'first 2 GB of a sparse 50 GB',
        file(50e9, { isSparse: true }),
        { stopAfterBytes: isQuick ? 200e6 : 2e9 },
      ],
    ]) {
      const result = await once({ browser, site, client: 'vodrop', name, options, withHeap: true });
      figures[label] = result;
      log(
        `${label}: longest task ${result.longestMs.toFixed(0)} ms, heap of the page grew by ${(result.heapGrowthBytes / 1e6).toFixed(1)} MB, ${result.puts} parts sent`,
      );
      goals.push(
        atMost(`${label}: longest task, ms`, result.longestMs, 50),
        atMost('  growth of the heap, MB', result.heapGrowthBytes / 1e6, 32),
      );
    }
    return { figures, goals };
  },

  /** The steps from a drop to the first byte of a part at the store. */
  firstByte: firstByteCase,

  /** A film of a phone on a slow line, as a smaller copy and as it is. */
  shrink: shrinkCase,

  /** Long fat lines, beside the best fixed setting. The last may be bounded by the processor. */
  longLine: longLineCase({ megabits: 200, loss: 0 }),
  longLineLossy: longLineCase({ megabits: 200, loss: 0.001 }),
  longLineFast: longLineCase({ megabits: 1000, loss: 0 }),
  /** The same beside its own fixed settings: what its choice of them is worth, the cost of hashing aside. */
  longLineChoice: longLineCase({ megabits: 200, loss: 0, client: 'vodrop' }),
  longLineLossyChoice: longLineCase({ megabits: 200, loss: 0.001, client: 'vodrop' }),
  longLineFastChoice: longLineCase({ megabits: 1000, loss: 0, client: 'vodrop' }),

  /** The steps from the click on "Continue" to the first new byte. */
  resume: resumeCase,

  /** CPU time of the whole browser for a gigabyte, beside that of the others. */
  cost: costCase,

  /** The number of part URLs that one core signs, for each provider that signs them itself. */
  async signing({ log }) {
    const { stdout, status, stderr } = spawnSync(
      process.execPath,
      ['--expose-gc', path.join(import.meta.dirname, 'sign.mjs')],
      { encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(stderr);
    const figures = JSON.parse(stdout);
    const all = Object.entries(figures);
    for (const [provider, { perCpuSecond }] of all)
      log(`${provider}: ${perCpuSecond.toFixed(0)} URLs per second on one core`);
    const growths = all.map(([, { heapGrowthBytes }]) => heapGrowthBytes);
    return {
      figures,
      goals: [
        ...all.map(([provider, { perCpuSecond }]) =>
          goal(`part URLs signed a second on one core, ${provider}`, perCpuSecond, 20_000),
        ),
        atMost('  largest growth of the heap, MB', Math.max(...growths) / 1e6, 8),
      ],
    };
  },
};

/** Uploads seven files of 10 MB, in the widget or with Uppy, over a line whose rate varies. */
async function watchOver({ browser, site, rate, client }) {
  const sink = await startSink();
  const line = await startLine({ target: sink.port, roundTripMs: 40, bitsPerSecond: rate });
  const server = await startPageServer(
    site,
    stubEndpoint(() => `http://127.0.0.1:${line.port}`),
  );
  const page = await (await browser.newContext()).newPage();
  try {
    if (client === 'uppy') {
      await page.goto(`http://127.0.0.1:${server.port}/`);
      return await page.evaluate(
        (store) => window.bench.watchUppy(store, 7, 10_000_000),
        `http://127.0.0.1:${line.port}`,
      );
    }
    await page.goto(`http://127.0.0.1:${server.port}/widget.html#start`);
    await page.waitForSelector('[data-vodrop="uploader"] input[type=file]', { state: 'attached' });
    return await page.evaluate(() => window.bench.watch(7, 10_000_000));
  } finally {
    await page.context().close();
    await Promise.all([line.close(), server.close(), sink.close()]);
  }
}

/** Of "3 min left", "35 s left", "1 h 5 min left", "1m 05s left"; undefined where none is said. */
function secondsLeft(text) {
  const figures = /(?:(\d+) ?h )?(?:(\d+) ?m(?:in)? )?(?:(\d+) ?s )?left/.exec(text)?.slice(1);
  if (!figures?.some((figure) => figure !== undefined)) return undefined;
  const [hours, minutes, seconds] = figures.map((figure) => Number(figure ?? 0));
  return hours * 3600 + minutes * 60 + seconds;
}

/** One upload in a new browser context, over a line if the options ask for one. */
async function once({
  browser,
  site,
  client,
  name,
  shape,
  options: given = {},
  isReal = false,
  withHeap = false,
}) {
  const options = { ...given, isPrepared: client === 'vodrop' };
  const sink = await startSink();
  const line = shape && (await startLine({ target: sink.port, ...shape }));
  const store = `http://127.0.0.1:${line?.port ?? sink.port}`;
  const server = await startPageServer(
    site,
    isReal ? realEndpoint(store, sink.port) : stubEndpoint(() => store),
  );
  // The endpoint has the same round trip as the store.
  const pageLine = shape && (await startLine({ target: server.port, roundTripMs: shape.roundTripMs }));
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${pageLine?.port ?? server.port}/`);
    await page.setInputFiles('input', name);
    if (options.isPrepared) {
      // The page has been idle for a moment, as pages usually are before a file is dropped.
      await page.evaluate((setting) => window.bench.prepare(setting), options);
      await page.waitForLoadState('networkidle');
    }
    server.reset();
    const session = withHeap ? await context.newCDPSession(page) : undefined;
    const heap = async () => {
      await session?.send('HeapProfiler.collectGarbage');
      return (await session?.send('Runtime.getHeapUsage'))?.usedSize ?? 0;
    };
    const before = await heap();
    const started = performance.now();
    const run = page.evaluate(
      ([which, setting]) => window.bench.run(which, setting),
      [client, { store, partSizeBytes: 16 * mebibyte, ...options }],
    );
    if (options.stopAfterBytes) await reached(() => sink.seen.bytes >= options.stopAfterBytes, run);
    const result = options.stopAfterBytes ? await page.evaluate(() => window.bench.longTasks()) : await run;
    return {
      ...result,
      calls: { ...server.counts.calls },
      puts: sink.seen.puts,
      firstPutMs: sink.seen.firstPutAt - started,
      lastPutMs: sink.seen.lastPutAt - started,
      heapGrowthBytes: withHeap ? (await heap()) - before : undefined,
    };
  } finally {
    await context.close();
    await Promise.all([line?.close(), pageLine?.close(), server.close(), sink.close()]);
  }
}

async function reached(condition, run) {
  run.catch(() => {});
  while (!condition())
    await Promise.race([
      new Promise((resolve) => setTimeout(resolve, 5)),
      run.then(() => {
        throw new Error('the run ended before the condition was met');
      }),
    ]);
}

/** Runs A, B, C, A, B, C …, so that a disturbance of one round affects all clients. */
async function inTurns(clients, rounds, run, figure, unit, log) {
  const figures = Object.fromEntries(clients.map((client) => [client, []]));
  for (let round = 0; round < rounds; round++) {
    for (const client of clients) figures[client].push(figure(await run(client)));
    log(
      clients
        .map((client) => `${client} ${figures[client].at(-1).toFixed(figures[client].at(-1) < 10 ? 2 : 0)}`)
        .join('  ') + `  ${unit}`,
    );
  }
  return figures;
}

function ratios(a, b) {
  return a.map((value, index) => value / b[index]);
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function goal(what, value, least) {
  return { what, value, goal: `at least ${least}`, isMet: value >= least };
}

function atMost(what, value, most) {
  return { what, value, goal: `at most ${most}`, isMet: value <= most };
}
