// A real TCP line that loses one segment in a hundred, and the same line without loss.
import { whyNoNamespaces } from './namespaces.mjs';
import { openPage, send, withLine } from './real-line.mjs';

const bad = { delayMs: 25, megabits: 100, loss: 0.01 };
const clean = { ...bad, loss: 0 };
/** The smallest parts of S3. */
const partSizeBytes = 5 * 1024 ** 2;
const gentle = { priority: 'background' };
/** One connection has the same rate all the time: what sends so is stopped before its end. */
const uppyMs = 10_000;
const gentleMs = 5_000;
/** Sent over six connections, each of them busy to the end, beside two gentle ones: three quarters of the line. */
const besideBytes = 12 * partSizeBytes;

export async function badLineCase({ executablePath, site, file, isQuick, rounds, log }) {
  const missing = whyNoNamespaces();
  if (missing) return { figures: {}, goals: [{ what: 'a line with loss: not measured', value: missing }] };
  const sizeBytes = isQuick ? 40e6 : 80e6;
  const name = file(sizeBytes);
  const figures = {};
  const upload = async (what, far, options) => {
    const figure = await send(far, { name, ...options });
    (figures[what] ??= []).push(figure);
    const { mbPerSecond, most, moreAfterMs } = figure;
    const since =
      moreAfterMs === undefined ? '' : `, more than six from ${(moreAfterMs / 1000).toFixed(1)} s on`;
    log(`${what}: ${mbPerSecond.toFixed(2)} MB/s, at most ${most} requests at once${since}`);
  };
  await withLine(bad, { executablePath, site, partSizeBytes, log }, async (far) => {
    const { secondStore } = far.addresses;
    // The loss is drawn: one run says little.
    for (let round = 0; round < Math.min(rounds, 5); round++) {
      await upload('vodrop', far, { names: 2 });
      await upload('vodrop over one name', far, {});
      await upload('plain XHR', far, { client: 'xhr' });
      await upload('plain XHR over two names', far, { client: 'xhr', options: { secondStore } });
      await upload('Uppy 6', far, { client: 'uppy', stopAfterMs: uppyMs });
    }
    await upload('in the background', far, { names: 2, options: gentle, stopAfterMs: gentleMs });
  });
  await withLine(clean, { executablePath, site, partSizeBytes, log }, async (far) => {
    await upload('without loss', far, { names: 2 });
    figures.share = await shareBeside(far, { name, beside: file(besideBytes) });
    log(`plain XHR beside an upload in the background: ${figures.share.toFixed(2)} of the line`);
  });
  const rate = (what) => median(figures[what].map(({ mbPerSecond }) => mbPerSecond));
  const most = (what) => Math.max(...figures[what].map((figure) => figure.most));
  const atLeast = (what, value, least) => ({ what, value, goal: `at least ${least}`, isMet: value >= least });
  const atMost = (what, value, most) => ({ what, value, goal: `at most ${most}`, isMet: value <= most });
  return {
    figures,
    goals: [
      {
        what: `${sizeBytes / 1e6} MB in parts of 5 MiB, real TCP, 50 ms, 100 Mbit/s, 1% loss: vodrop, MB/s`,
        value: rate('vodrop'),
      },
      atLeast('  of vodrop at a store with one name', rate('vodrop') / rate('vodrop over one name'), 1.5),
      { what: '  of plain XHR over six connections', value: rate('vodrop') / rate('plain XHR') },
      atLeast('  of Uppy 6', rate('vodrop') / rate('Uppy 6'), 8),
      {
        what: '  plain XHR over two names of the store, of six connections',
        value: rate('plain XHR over two names') / rate('plain XHR'),
      },
      atMost('  requests at once in the background', most('in the background'), 2),
      // A connection carries one part at a time.
      {
        what: '  files of 8 to 30 MB at S3',
        value: 'two to six connections, one for each part: S3 takes no smaller parts than 5 MiB',
      },
      { what: 'the same line without loss: vodrop, MB/s', value: rate('without loss') },
      atMost('  requests at once', most('without loss'), 6),
      atLeast('  share of plain XHR beside an upload in the background', figures.share, 0.6),
    ],
  };
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** The share of the line that plain XHR has while an upload goes on in the background. */
async function shareBeside(far, { name, beside }) {
  const background = await openPage(far, { name, options: gentle });
  const plain = await openPage(far, { name: beside, client: 'xhr' });
  try {
    background.begin().catch(() => {});
    await plain.page.waitForTimeout(2000);
    const started = performance.now();
    await plain.begin();
    const idealMs = (besideBytes * 8) / (clean.megabits * 1000);
    return idealMs / (performance.now() - started);
  } finally {
    await Promise.all([background.page.context().close(), plain.page.context().close()]);
  }
}
