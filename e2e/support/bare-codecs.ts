import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';

export interface BareOrder {
  /** Of the copy. */
  readonly width: number;
  readonly height: number;
  readonly bitsPerSecond: number;
  /** How often the film is repeated. */
  readonly times: number;
}

interface Unit {
  readonly start: number;
  readonly end: number;
  readonly isKey: boolean;
}

/** What lies between two delimiters. */
function unitsOf(file: string): Unit[] {
  const bytes = readFileSync(file);
  const delimiter = Buffer.from([0, 0, 0, 1, 9]);
  const keyPicture = Buffer.from([0, 0, 1, 0x65]);
  const starts: number[] = [];
  for (let at = bytes.indexOf(delimiter); at >= 0; at = bytes.indexOf(delimiter, at + 1)) starts.push(at);
  return starts.map((start, index) => {
    const end = starts[index + 1] ?? bytes.length;
    return { start, end, isKey: bytes.subarray(start, end).includes(keyPicture) };
  });
}

/**
 * Decodes a stream of H.264 in the page and encodes it smaller, by a decoder and an encoder as vodrop configures them:
 * one packet is decoded at a time, one picture encoded, and each frame is closed at once. What is encoded is thrown away.
 */
export async function runBareCodecs(page: Page, file: string, order: BareOrder) {
  const units = unitsOf(file);
  await page.evaluate(() => {
    const input = document.createElement('input');
    input.type = 'file';
    input.id = 'bare';
    document.body.append(input);
  });
  await page.setInputFiles('#bare', file);
  const running = page.evaluate(run, { units, order });
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  running.then(end, end);
  return {
    isOver: async () => {
      if (isOver) {
        const pictures = await running;
        if (pictures !== units.length * order.times) throw new Error(`${pictures} pictures were encoded`);
      }
      return isOver;
    },
  };
}

/** Runs in the page. Answers how many pictures were encoded. */
async function run({ units, order }: { units: Unit[]; order: BareOrder }): Promise<number> {
  const { width, height, bitsPerSecond, times } = order;
  const film = document.querySelector<HTMLInputElement>('#bare')?.files?.[0];
  if (!film) throw new Error('no film was chosen');
  let wake = () => {};
  let failure: Error | undefined;
  const fail = (error: Error) => {
    failure = error;
    wake();
  };
  const until = async (isSo: () => boolean) => {
    while (!isSo() && !failure)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    if (failure) throw failure;
  };
  let encoded = 0;
  const encoder = new VideoEncoder({ output: () => (encoded += 1), error: fail });
  encoder.addEventListener('dequeue', () => wake());
  encoder.configure({
    ...{ codec: 'avc1.640028', width, height, bitrate: bitsPerSecond, framerate: 30 },
    ...{ bitrateMode: 'variable', latencyMode: 'quality', avc: { format: 'avc' } },
  });
  const frames: VideoFrame[] = [];
  const decoder = new VideoDecoder({
    output: (frame) => {
      frames.push(frame);
      wake();
    },
    error: fail,
  });
  decoder.addEventListener('dequeue', () => wake());
  decoder.configure({ codec: 'avc1.640034', optimizeForLatency: true });
  let given = 0;
  const encodeAll = async () => {
    for (let frame = frames.shift(); frame; frame = frames.shift()) {
      await until(() => encoder.encodeQueueSize === 0);
      encoder.encode(frame, { keyFrame: given % 60 === 0 });
      given += 1;
      frame.close();
    }
  };
  for (let index = 0; index < units.length * times; index += 1) {
    const { start, end, isKey } = units[index % units.length] ?? { start: 0, end: 0, isKey: false };
    const type = isKey ? 'key' : 'delta';
    const data = await film.slice(start, end).arrayBuffer();
    decoder.decode(new EncodedVideoChunk({ type, timestamp: index * 33_333, data }));
    await until(() => decoder.decodeQueueSize === 0);
    await encodeAll();
  }
  const flushed = decoder.flush().then(() => wake());
  await flushed;
  await encodeAll();
  await encoder.flush();
  decoder.close();
  encoder.close();
  return encoded;
}
