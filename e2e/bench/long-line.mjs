// A real TCP line that is long and fat, beside the best fixed setting of plain XHR on it.
import { whyNoNamespaces } from './namespaces.mjs';
import { send, withLine } from './real-line.mjs';

const mebibyte = 1024 ** 2;
const long = { delayMs: 100, megabits: 200, loss: 0 };
/** Connections and MiB of a part. All of them take half an hour; these are the best and their neighbors. */
const settings = [
  [6, 16],
  [6, 32],
  [6, 64],
  [3, 64],
];
const all = [1, 2, 3, 4, 6, 12].flatMap((connections) =>
  [1, 2, 4, 8, 16, 32, 64].map((size) => [connections, size]),
);

export async function longLineCase({ executablePath, site, file, isQuick, rounds, log }) {
  const missing = whyNoNamespaces();
  if (missing) return { figures: {}, goals: [{ what: 'a long fat line: not measured', value: missing }] };
  const sizeBytes = isQuick ? 150e6 : 400e6;
  const name = file(sizeBytes);
  const figures = {};
  await withLine(long, { executablePath, site, partSizeBytes: 5 * mebibyte, log }, async (far) => {
    const upload = async (what, options) => {
      figures[what] = await send(far, { name, ...options });
      log(`${what}: ${figures[what].mbPerSecond.toFixed(1)} MB/s`);
    };
    await upload('vodrop', {});
    for (const [connections, size] of rounds > 5 ? all : settings)
      await upload(`plain XHR, ${connections} connections, parts of ${size} MiB`, {
        client: 'xhr',
        options: { connections, partSizeBytes: size * mebibyte },
      });
  });
  const { vodrop, ...fixed } = figures;
  const [best, { mbPerSecond }] = Object.entries(fixed).sort(
    ([, a], [, b]) => b.mbPerSecond - a.mbPerSecond,
  )[0];
  const value = vodrop.mbPerSecond / mbPerSecond;
  return {
    figures,
    goals: [
      {
        what: `${sizeBytes / 1e6} MB, real TCP, 200 ms, 200 Mbit/s: vodrop, MB/s`,
        value: vodrop.mbPerSecond,
      },
      { what: `  of ${best}`, value, goal: 'at least 0.95', isMet: value >= 0.95 },
    ],
  };
}
