import { expect, it, vi } from 'vitest';
import { harness } from './test-support/harness.js';
import { SharedLine } from './test-support/shared-line.js';

const sizesMb = [48, 30, 20, 15, 9, 7, 4];
const everyMs = 500;

/** What was said of one row, or of the total, half a second after the other. */
interface Log {
  readonly name: string;
  readonly samples: { atMs: number; seconds: number | undefined }[];
  /** When its first byte moved, and when its last was stored. */
  startedAtMs: number | undefined;
  endedAtMs: number | undefined;
}

interface Bytes {
  readonly sentBytes: number;
  readonly storedBytes?: number | undefined;
  readonly sizeBytes: number;
}

/** Sends seven files over a line and writes down what is said each half second. */
async function logNumbers(
  bytesPerSecondAt: (ms: number) => number,
  { partSizeBytes = 1_000_000, bufferBytes = 0 } = {},
): Promise<Log[]> {
  const { uploader, cloud, clock } = harness({ cloud: { partSizeBytes } });
  const line = new SharedLine(clock, bytesPerSecondAt, bufferBytes);
  cloud.workers.put = line.wrap(cloud.workers.put.bind(cloud.workers));
  await uploader.add(
    sizesMb.map(
      (size, index) => new File([new Uint8Array(size * 1e6)], `${index}.mp4`, { type: 'video/mp4' }),
    ),
  );
  const logs = new Map<string, Log>();
  const logOf = (name: string) => {
    const log = logs.get(name) ?? { name, samples: [], startedAtMs: undefined, endedAtMs: undefined };
    logs.set(name, log);
    return log;
  };
  for (let atMs = 0; atMs < 400_000; atMs += everyMs) {
    await clock.advance(everyMs);
    const { uploads, remainingSeconds: totalSeconds } = uploader.getSnapshot();
    const write = (
      log: Log,
      { sentBytes, storedBytes = 0, sizeBytes }: Bytes,
      seconds: number | undefined,
    ) => {
      if (sentBytes > 0) log.startedAtMs ??= atMs;
      if (storedBytes < sizeBytes) log.samples.push({ atMs, seconds });
      else log.endedAtMs ??= atMs;
    };
    for (const upload of uploads) write(logOf(upload.fileName), upload, upload.remainingSeconds);
    const sum = (name: keyof Bytes) => uploads.reduce((total, upload) => total + (upload[name] ?? 0), 0);
    write(
      logOf('total'),
      { sentBytes: sum('sentBytes'), storedBytes: sum('storedBytes'), sizeBytes: sum('sizeBytes') },
      totalSeconds,
    );
    if (uploads.every(({ status }) => status === 'ready' || status === 'processing')) break;
  }
  return [...logs.values()];
}

/** How many times too long or too short each time left was, from 5 s after the first byte on. */
function factorsOf({ samples, startedAtMs = Infinity, endedAtMs = Infinity }: Log): number[] {
  return samples.flatMap(({ atMs, seconds }) => {
    // In the last second the sample itself is half of what is left; the widget says no less than 2 s.
    const truth = (endedAtMs - atMs) / 1000;
    if (seconds === undefined || atMs < startedAtMs + 5000 || truth < 1) return [];
    const said = Math.max(2, seconds);
    return [Math.max(said / truth, truth / said)];
  });
}

function judge(logs: readonly Log[]): { within: number; worst: number; count: number } {
  const factors = logs.flatMap(factorsOf);
  return {
    within: factors.filter((factor) => factor <= 1.5).length / factors.length,
    worst: Math.max(...factors),
    count: factors.length,
  };
}

it('says times left that are true on a steady line, and that never rise', async () => {
  const logs = await logNumbers(() => 2_000_000);
  const { within, worst, count } = judge(logs);
  expect(count).toBeGreaterThan(200);
  expect(within).toBeGreaterThanOrEqual(0.9);
  expect(worst).toBeLessThanOrEqual(3);
  const rises = logs.flatMap(({ name, samples }) =>
    samples.flatMap(({ seconds }, index) => {
      const before = samples[index - 1]?.seconds;
      // Below five seconds the end of the last part decides; the widget waits five seconds before it shows a rise.
      return seconds !== undefined && before !== undefined && seconds > 5 && seconds > before * 1.2
        ? [`${name}: ${before} to ${seconds}`]
        : [];
    }),
  );
  expect(rises).toEqual([]);
}, 30_000);

it('says times left that are true on an unsteady line', async () => {
  // From 0.2 to 3 MB/s, another speed each two seconds.
  const speeds = [0.9, 2.4, 0.2, 3, 1.6, 2.1, 0.4, 2.8, 1.2, 1.9];
  const { within, worst } = judge(
    await logNumbers((ms) => (speeds[Math.floor(ms / 2000) % speeds.length] ?? 1) * 1e6),
  );
  expect(within).toBeGreaterThanOrEqual(0.9);
  expect(worst).toBeLessThanOrEqual(3);
}, 30_000);

it('counts what the buffers of the system hold as still on its way', async () => {
  // Each of six connections hands over a whole part at once, and the line needs 4.5 s for the six.
  const logs = await logNumbers(() => 2_000_000, { partSizeBytes: 1_500_000, bufferBytes: 1_500_000 });
  // What the buffers hold is a large share only of what is left near the end.
  const ending = logs
    .filter(({ name }) => name === 'total')
    .map(({ samples, endedAtMs = 0, ...log }) => {
      return { ...log, endedAtMs, samples: samples.filter(({ atMs }) => atMs > endedAtMs - 12_000) };
    });
  const { within, worst, count } = judge(ending);
  expect(count).toBeGreaterThan(15);
  expect(within).toBeGreaterThanOrEqual(0.9);
  expect(worst).toBeLessThanOrEqual(3);
}, 30_000);

it('forgets what it has measured when the line was cut, and says nothing while it is', async () => {
  const [from, to] = [20_000, 60_000];
  const logs = await logNumbers((ms) => (ms >= from && ms < to ? 0 : 2_000_000));
  for (const { samples } of logs)
    for (const { atMs, seconds } of samples)
      if (atMs > from + 5500 && atMs < to) expect(seconds).toBeUndefined();
  const after = logs.map((log) => ({
    ...log,
    samples: log.samples.filter(({ atMs }) => atMs >= to),
  }));
  const { within, worst, count } = judge(after);
  expect(count).toBeGreaterThan(50);
  expect(within).toBeGreaterThanOrEqual(0.9);
  expect(worst).toBeLessThanOrEqual(3);
}, 30_000);

it('moves as many files as there are places, in the order of the list, and lets the others wait', async () => {
  const { uploader, cloud, clock } = harness({ cloud: { partSizeBytes: 1_000_000 } });
  const line = new SharedLine(clock, () => 2_000_000);
  cloud.workers.put = line.wrap(cloud.workers.put.bind(cloud.workers));
  await uploader.add(
    sizesMb.map(
      (size, index) => new File([new Uint8Array(size * 1e6)], `${index}.mp4`, { type: 'video/mp4' }),
    ),
  );
  for (let step = 0; step < 40; step++) {
    await clock.advance(500);
    const uploads = uploader.getSnapshot().uploads;
    const partly = uploads.filter(({ sentBytes, sizeBytes }) => sentBytes > 0 && sentBytes < sizeBytes);
    expect(partly.length).toBeLessThanOrEqual(3);
    const waiting = uploads.filter(({ queuePosition }) => queuePosition !== undefined);
    expect(waiting.map(({ queuePosition }) => queuePosition)).toEqual(waiting.map((_, index) => index));
    for (const upload of waiting) expect(upload.sentBytes).toBe(0);
  }
  expect(
    uploader
      .getSnapshot()
      .uploads.slice(0, 3)
      .every(({ sentBytes }) => sentBytes > 0),
  ).toBe(true);
});

/** Sends seven files of 5 MB whose checks take so long; answers their names in the order of their first bytes. */
async function orderOfFirstBytes(checkMs: (index: number) => number, forMs: number): Promise<string[]> {
  const { uploader, cloud, clock } = harness({ cloud: { singleMaxBytes: 20e6 } });
  const line = new SharedLine(clock, () => 2_000_000);
  cloud.workers.put = line.wrap(cloud.workers.put.bind(cloud.workers));
  const files = Array.from(
    { length: 7 },
    (_, index) => new File([new Uint8Array(5e6).fill(index)], `${index}.mp4`, { type: 'video/mp4' }),
  );
  const hash = cloud.workers.hash.bind(cloud.workers);
  cloud.workers.hash = async (body, options) => {
    const index = files.indexOf(body as File);
    if (index >= 0) await clock.sleep(checkMs(index), options.signal);
    return hash(body, options);
  };
  await uploader.add(files);
  const order = new Set<string>();
  for (let atMs = 0; atMs < forMs; atMs += 100) {
    await clock.advance(100);
    for (const { fileName, sentBytes } of uploader.getSnapshot().uploads)
      if (sentBytes > 0) order.add(fileName);
  }
  return [...order];
}

it('sends small files in the order of the list although their checks end in another', async () => {
  const order = await orderOfFirstBytes((index) => 1000 - index * 100, 20_000);
  // The three that have their turns begin as they are ready.
  expect([...order.slice(0, 3).sort(), ...order.slice(3)]).toEqual(
    [0, 1, 2, 3, 4, 5, 6].map((index) => `${index}.mp4`),
  );
});

it('sends the others first where the check of a small file does not end', async () => {
  const order = await orderOfFirstBytes((index) => (index < 3 ? 60_000 : 100), 30_000);
  expect(order).toEqual([3, 4, 5, 6].map((index) => `${index}.mp4`));
});

it('waits for the end of a check only until the file is sent, paused or given up', async () => {
  const { uploader, cloud, clock, only, until } = harness({ cloud: { singleMaxBytes: 20e6 } });
  const sleep = vi.spyOn(clock, 'sleep');
  const timers = () => sleep.mock.calls.filter(([delayMs]) => delayMs === 10_000);
  const running = () => timers().filter(([, signal]) => !signal?.aborted).length;
  const hash = cloud.workers.hash.bind(cloud.workers);
  cloud.workers.hash = async (body, options) => {
    await clock.sleep(1000, options.signal);
    return hash(body, options);
  };
  await uploader.add([new File([new Uint8Array(5e6)], 'a.mp4', { type: 'video/mp4' })]);
  await clock.advance(100);
  for (let time = 0; time < 3; time++) {
    expect(running()).toBe(1);
    uploader.pause(only().id);
    await clock.advance(100);
    expect(running()).toBe(0);
    uploader.resume(only().id);
    await clock.advance(100);
  }
  await clock.advance(2000);
  await until('ready');
  expect(timers()).toHaveLength(4);
  expect(running()).toBe(0);
  await uploader.add([new File([new Uint8Array(5e6).fill(1)], 'b.mp4', { type: 'video/mp4' })]);
  await clock.advance(100);
  expect(running()).toBe(1);
  uploader.destroy();
  expect(running()).toBe(0);
});

it('finishes parts that are nearly sent when it is paused, so that what is stored never falls', async () => {
  const { uploader, cloud, clock, only, until } = harness({ cloud: { partSizeBytes: 1_000_000 } });
  const line = new SharedLine(clock, () => 1_000_000);
  cloud.workers.put = line.wrap(cloud.workers.put.bind(cloud.workers));
  await uploader.add([new File([new Uint8Array(20e6)], 'a.mp4', { type: 'video/mp4' })]);
  // Six parts share the line: after 4.2 s each of them is more than half sent.
  await clock.advance(4200);
  uploader.pause(only().id);
  await clock.advance(100);
  expect(only()).toMatchObject({ status: 'paused', finishingParts: 6 });
  let stored = only().storedBytes ?? 0;
  for (let step = 0; step < 30; step++) {
    await clock.advance(500);
    expect(only().storedBytes).toBeGreaterThanOrEqual(stored);
    stored = only().storedBytes ?? 0;
  }
  expect(only()).toMatchObject({ status: 'paused', storedBytes: 6e6, sentBytes: 6e6 });
  expect(only().finishingParts).toBeUndefined();
  expect(cloud.puts).toHaveLength(6);
  uploader.resume(only().id);
  await until('ready');
  expect(cloud.puts).toHaveLength(20);
});

it('goes on with the parts that are being finished when it is resumed at once', async () => {
  const { uploader, cloud, clock, only, until } = harness({ cloud: { partSizeBytes: 1_000_000 } });
  const line = new SharedLine(clock, () => 1_000_000);
  cloud.workers.put = line.wrap(cloud.workers.put.bind(cloud.workers));
  await uploader.add([new File([new Uint8Array(8e6)], 'a.mp4', { type: 'video/mp4' })]);
  await clock.advance(4200);
  uploader.pause(only().id);
  await clock.advance(200);
  uploader.resume(only().id);
  await until('ready');
  expect(cloud.puts).toHaveLength(8);
});
