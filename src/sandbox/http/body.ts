import type { IncomingMessage } from 'node:http';
import { sleep } from '../sleep.js';
import type { FaultEffect } from '../faults.js';

/** The connection was destroyed by a fault rule or by the client: no answer is possible. */
export class ConnectionGone extends Error {
  override name = 'ConnectionGone';
}

/** The client sent nothing for longer than the idle timeout. */
export class BodyIdle extends Error {
  override name = 'BodyIdle';
}

export class BodyTooLarge extends Error {
  override name = 'BodyTooLarge';
}

export interface BodyOptions {
  effect: FaultEffect;
  idleTimeoutMs: number;
  signal: AbortSignal;
  onBytes: (count: number) => void;
}

/** The request body as a stream, with the faults of `effect` applied. */
export async function* readBody(incoming: IncomingMessage, options: BodyOptions): AsyncGenerator<Buffer> {
  const { effect, signal } = options;
  let received = 0;
  for await (let chunk of idleGuarded(incoming, options)) {
    if (effect.dropAfterBytes !== undefined && received + chunk.length >= effect.dropAfterBytes) {
      options.onBytes(effect.dropAfterBytes - received);
      incoming.socket.destroy();
      throw new ConnectionGone('The connection was dropped by a fault rule.');
    }
    if (effect.stallAfterBytes !== undefined && received + chunk.length >= effect.stallAfterBytes) {
      options.onBytes(effect.stallAfterBytes - received);
      await untilDisconnected(incoming, signal);
    }
    if (effect.corrupt === true && received === 0) chunk = flipFirstByte(chunk);
    received += chunk.length;
    options.onBytes(chunk.length);
    if (effect.rateBytesPerSecond !== undefined)
      await sleep((chunk.length / effect.rateBytesPerSecond) * 1000, signal);
    yield chunk;
  }
}

/** Leaves the connection open without reading. Rejects when the client disconnects or the sandbox closes. */
function untilDisconnected(incoming: IncomingMessage, signal: AbortSignal): Promise<never> {
  const gone = new ConnectionGone('The client disconnected while its body was stalled.');
  return new Promise((_, reject) => {
    if (signal.aborted) reject(gone);
    signal.addEventListener(
      'abort',
      () => {
        reject(gone);
      },
      { once: true },
    );
    incoming.once('close', () => {
      reject(gone);
    });
  });
}

export async function readAll(body: AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    // Keep reading past the limit without storing: a client may not read an answer sent mid-body.
    if (size <= maxBytes) chunks.push(chunk);
  }
  if (size > maxBytes) throw new BodyTooLarge(`The body has ${size} bytes; at most ${maxBytes} are taken.`);
  return Buffer.concat(chunks);
}

/** Text of a body: UTF-8, or UTF-16 with a byte order mark, which XML allows as well. */
export function textOf(body: Buffer): string {
  const mark = body.subarray(0, 2).toString('hex');
  const encoding = { fffe: 'utf-16le', feff: 'utf-16be' }[mark] ?? 'utf-8';
  return new TextDecoder(encoding).decode(body);
}

async function* idleGuarded(incoming: IncomingMessage, options: BodyOptions): AsyncGenerator<Buffer> {
  // `for await` over the message would destroy the connection when a consumer stops early, before the answer.
  const chunks = incoming.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>;
  for (;;) {
    let timer: NodeJS.Timeout | undefined;
    const idle = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new BodyIdle('The body was idle for too long.'));
      }, options.idleTimeoutMs);
    });
    try {
      const step = await Promise.race([chunks.next(), idle]);
      if (step.done === true) return;
      yield step.value;
    } catch (error) {
      if (error instanceof BodyIdle) throw error;
      throw new ConnectionGone('The client disconnected mid-body.', { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }
}

function flipFirstByte(chunk: Buffer): Buffer {
  const copy = Buffer.from(chunk);
  copy[0] = (copy[0] ?? 0) ^ 0xff;
  return copy;
}
