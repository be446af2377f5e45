import { createHash } from 'node:crypto';
import { NoReplyError, UploadError, type PartWorkers, type StoreReply } from '../engine/index.js';
import type { LocalSandbox } from '../sandbox/index.js';
import type { FaultPlan } from './faults.js';
import { DiskBlob } from './file.js';
import type { Line } from './line.js';
import type { Scheduler } from './scheduler.js';
import type { Target, Witness } from './witness.js';

/** What judges a tab's traffic to the store. */
export interface TrafficWatch {
  /** Answers what to call when it is over. */
  begin(
    tab: string,
    target: Target,
    sent: { sizeBytes: number; isSigned: boolean },
  ): (reply: StoreReply | undefined) => void;
}

interface WorkersOptions {
  readonly tab: { readonly name: string; readonly isDead: () => boolean; readonly isOnline: () => boolean };
  readonly scheduler: Scheduler;
  readonly faultPlan: FaultPlan;
  readonly line: Line;
  readonly clouds: LocalSandbox;
  readonly witness: Witness;
  readonly watch: TrafficWatch;
  /** The store takes parts without a digest, and completes without their ETags. */
  readonly isUnproven: boolean;
}

const origin = 'http://app.test';
/** After so long without a byte or an answer the browser's request is given up. */
const stallMs = 30_000;

/** The workers of a tab: they read, hash and send as those of a browser, on virtual time. */
export function createWorkers(options: WorkersOptions): PartWorkers {
  const { tab, scheduler } = options;
  return {
    hash: async (body, { signal, onProgress }) => {
      // The pool repeats what a lost worker was hashing.
      for (;;) {
        const isDone = await work(`hash ${tab.name}`, body, signal, options).catch((error: unknown) => {
          if (error instanceof NoReplyError) return false;
          throw error;
        });
        if (isDone) break;
      }
      onProgress?.(body.size);
      return createHash('md5')
        .update(await bytesOf(body))
        .digest('base64');
    },
    put: async (request, body, { signal, onProgress }) => {
      const target = options.witness.targetOf(request.url);
      const label = target ? `${target.fileName} part ${target.partNumber}` : 'unknown address';
      const name = `put ${tab.name} ${label}`;
      const isSigned = Object.keys(request.headers).some((header) => /^content-md5$/i.test(header));
      await work(`read ${name}`, body, signal, options);
      const end = target && options.watch.begin(tab.name, target, { sizeBytes: body.size, isSigned });
      const cancelProgress = scheduler.after(3, `half of ${name}`, () => {
        if (!tab.isDead()) onProgress(Math.floor(body.size / 2));
      });
      let reply: StoreReply | undefined;
      try {
        const { url, headers } = request;
        reply = await send(
          { name, url, headers, bytes: new Uint8Array(await bytesOf(body)), signal },
          options,
        );
        // As XMLHttpRequest does at the end of every body.
        onProgress(body.size);
        return reply;
      } finally {
        cancelProgress();
        end?.(reply);
      }
    },
    close: () => {},
  };
}

/** After so long the pool replaces a worker that does not answer. */
const lostAfterMs = 25_000;

/** Reading and hashing take a moment, and may fail. A worker that is lost looks like a store that does not answer. */
function work(
  name: string,
  body: Blob,
  signal: AbortSignal,
  { scheduler, faultPlan, tab }: WorkersOptions,
): Promise<true> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const isSilent = faultPlan.strikes('worker.silent', name);
    const end = (action: () => void) => {
      signal.removeEventListener('abort', stop);
      if (!tab.isDead()) action();
    };
    const delayMs = isSilent ? lostAfterMs : 1 + Math.ceil(body.size / 50_000);
    const cancel = scheduler.after(delayMs, name, () => {
      if (isSilent || faultPlan.strikes('worker.dies', name)) return end(() => reject(new NoReplyError()));
      if (body instanceof DiskBlob && faultPlan.strikes('file.unreadable', name))
        return end(() => reject(new UploadError('file-unreadable')));
      end(() => resolve(true));
    });
    const stop = () => {
      cancel();
      end(() => reject(signal.reason as Error));
    };
    signal.addEventListener('abort', stop, { once: true });
  });
}

interface Put {
  name: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  bytes: Uint8Array<ArrayBuffer>;
  signal: AbortSignal;
}

async function send(
  { name, url, headers, bytes, signal }: Put,
  { line, clouds, tab, faultPlan, scheduler, isUnproven }: WorkersOptions,
): Promise<StoreReply> {
  const isCorrupt = faultPlan.strikes('store.corrupt', name);
  const stalled = new AbortController();
  const cancelStall = scheduler.after(stallMs, `stall ${name}`, () => stalled.abort(new NoReplyError(true)));
  try {
    const response = await line.send({
      line: 'store',
      name,
      signal: AbortSignal.any([signal, stalled.signal]),
      isCut: () => !tab.isOnline(),
      // A second copy of damaged bytes may arrive after the intact part. Such a store cannot tell them apart, and no
      // page can prevent it.
      mayBeDoubled: !(isCorrupt && isUnproven),
      deliver: (leg) =>
        clouds.fetch(
          new Request(url, {
            method: 'PUT',
            headers: { ...headers, origin },
            body: isCorrupt ? flipped(bytes) : bytes,
            signal: leg,
          }),
        ),
    });
    return await readReply(response);
  } catch (error) {
    if (signal.aborted || error instanceof NoReplyError) throw error;
    throw new NoReplyError();
  } finally {
    cancelStall();
  }
}

/** What a page of another origin can read of the answer. */
async function readReply(response: Response): Promise<StoreReply> {
  const { status, headers } = response;
  if (headers.get('access-control-allow-origin') === null) throw new NoReplyError();
  const exposed = (headers.get('access-control-expose-headers') ?? '').toLowerCase().split(/, */);
  const readable = (name: string) => (exposed.includes(name) ? headers.get(name) : null);
  const text = status >= 300 ? await response.text() : '';
  return {
    status,
    eTag: readable('etag')?.replaceAll('"', '') ?? undefined,
    errorCode: /<Code>([A-Za-z0-9._]{1,80})<\/Code>/.exec(text)?.[1],
  };
}

function flipped(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const copy = bytes.slice();
  copy[copy.length >> 1] = (copy[copy.length >> 1] ?? 0) ^ 0xff;
  return copy;
}

async function bytesOf(body: Blob): Promise<Buffer> {
  return Buffer.from(await body.arrayBuffer());
}
