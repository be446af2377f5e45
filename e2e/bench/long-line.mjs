// A real TCP line that is long and fat, beside the best fixed setting on it: of plain XHR, or of vodrop itself.
import { whyNoNamespaces } from './namespaces.mjs';
import { send, withLine } from './real-line.mjs';

const mebibyte = 1024 ** 2;
/** Connections and MiB of a part: the best of `sweep` and their neighbors. */
const usual = [
  [6, 16],
  [6, 32],
  [6, 64],
  [3, 64],
];
/** With `--rounds 6` or more, one upload of up to 18 s for each. Browsers open at most six connections to a host. */
const sweep = [1, 2, 3, 4, 5, 6].flatMap((connections) =>
  [1, 2, 4, 8, 16, 32, 64].map((size) => [connections, size]),
);

/** Enough for six parts of 64 MiB. What is not sent by then is not waited for. */
const sizeBytes = 420e6;
const stopAfterMs = 18_000;
/**
 * Where packets are lost, or the machine is the bound, one run says little: each setting has as many, or `--turns`, in
 * turns, and their mean counts. Of means that differ by chance alone the best is above the others, the more so the fewer
 * the turns.
 */
const unsteadyTurns = 2;
const unsteady = [
  [6, 16],
  [6, 64],
];
const unsteadyStopAfterMs = 10_000;
/** A line of so many Mbit/s is as quick as two cores that play its both ends. */
const machineMegabits = 1000;

/** A case for a line of 200 ms. `client` sends with the fixed settings. */
export function longLineCase({ megabits, loss, client = 'xhr' }) {
  return async ({ executablePath, site, file, isQuick, rounds, turns, log }) => {
    const missing = whyNoNamespaces();
    if (missing) return { figures: {}, goals: [{ what: 'a long fat line: not measured', value: missing }] };
    const name = file(sizeBytes);
    const shape = { delayMs: 100, megabits, loss };
    const runs = {};
    const named = client === 'xhr' ? 'plain XHR' : 'vodrop fixed to';
    const isUnsteady = (loss > 0 || megabits >= machineMegabits) && rounds <= 5;
    const settings = rounds > 5 ? sweep : isUnsteady ? unsteady : usual;
    const limitMs = isUnsteady ? unsteadyStopAfterMs : stopAfterMs;
    await withLine(shape, { executablePath, site, partSizeBytes: 5 * mebibyte, log }, async (far) => {
      const upload = async (what, options) => {
        const figure = await send(far, {
          name,
          stopAfterMs: isQuick ? limitMs / 2 : limitMs,
          ...options,
        });
        // Calls of the endpoint before the first part are of the case `firstByte`; plain XHR makes none.
        (runs[what] ??= []).push(figure.moving);
        const size = (figure.largest / mebibyte).toFixed(0);
        log(
          `${what}: ${figure.moving.toFixed(1)} MB/s from the first part, ` +
            `${figure.mbPerSecond.toFixed(1)} from the drop, parts of ${size} MiB, at most ${figure.most} at once`,
        );
      };
      for (let turn = 0; turn < (turns ?? (isUnsteady ? unsteadyTurns : 1)); turn++) {
        const uploads = [
          () => upload('vodrop', {}),
          ...settings.map(
            ([connections, size]) =>
              () =>
                upload(`${named} ${connections} × ${size} MiB`, {
                  client,
                  options:
                    client === 'xhr' ? setting(connections, size) : { fixed: setting(connections, size) },
                }),
          ),
        ];
        // Every other turn in the other order, so that none is always first.
        for (const one of turn % 2 === 0 ? uploads : uploads.reverse()) await one();
      }
    });
    const figures = Object.fromEntries(Object.entries(runs).map(([what, all]) => [what, mean(all)]));
    const { vodrop, ...fixed } = figures;
    const [best, bestMbPerSecond] = Object.entries(fixed).sort(([, a], [, b]) => b - a)[0];
    const value = vodrop / bestMbPerSecond;
    const line = `200 ms, ${megabits} Mbit/s, ${loss * 100}% loss`;
    return {
      figures: { ...figures, runs },
      goals: [
        { what: `${sizeBytes / 1e6} MB, real TCP, ${line}: vodrop from the first part, MB/s`, value: vodrop },
        {
          what: `  of the best of ${settings.length} settings: ${best}`,
          value,
          goal: 'at least 0.95',
          isMet: value >= 0.95,
        },
      ],
    };
  };
}

function setting(connections, size) {
  return { connections, partSizeBytes: size * mebibyte };
}

function mean(values) {
  return values.reduce((total, value) => total + value, 0) / values.length;
}
