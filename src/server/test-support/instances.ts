import { createHash } from 'node:crypto';
import type { Operation, Problem, SignedRequest, UploadSession } from '../../protocol/index.js';
import { startSandbox } from '../../sandbox/index.js';
import { createTokenEndpoint, memoryStore, type ConfirmedUpload } from '../index.js';
import { sandboxProvider, type Cloud } from './sandbox-clouds.js';

/** What any operation answers about its one item. */
export interface ItemAnswer {
  readonly outcome: string;
  readonly problem?: Problem;
  readonly session?: UploadSession;
  readonly requests?: readonly SignedRequest[];
  readonly ticket?: string;
}

export type CallItem = (operation: Operation, item: object) => Promise<ItemAnswer>;

/** A cloud of the sandbox, with as many instances of one endpoint as are wanted. They share a store. */
export async function openInstances(cloud: Cloud, { inParts = false } = {}) {
  const clock = { offsetMs: 0 };
  const now = () => Date.now() + clock.offsetMs;
  const sandbox = await startSandbox({
    now,
    processingMs: 0,
    settings: { transcoding: 'asked', cosMinPartSize: 'ignored' },
    s3: { settings: { minPartSizeBytes: 1 } },
  });
  const store = memoryStore({ now });
  const confirmed: ConfirmedUpload[] = [];
  const instance = (ownFetch?: typeof fetch): CallItem => {
    const endpoint = createTokenEndpoint({
      providers: [
        sandboxProvider(cloud, sandbox, { now, singlePutMaxBytes: inParts ? 0 : undefined, fetch: ownFetch }),
      ],
      authorize: () => ({ id: 'ann' }),
      secret: 'a secret of more than thirty-two characters',
      store,
      now,
      onConfirmed: (upload) => void confirmed.push(upload),
    });
    return async (operation, item) => {
      const body = operation === 'start' ? { provider: cloud, uploads: [item] } : { items: [item] };
      const response = await endpoint(
        new Request(`https://app.test/${operation}`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(body),
        }),
      );
      const { results, ...problem } = (await response.json()) as Problem & { results?: ItemAnswer[] };
      return results?.[0] ?? { outcome: 'refused', problem };
    };
  };
  const look = async (what: string) =>
    (await fetch(`${sandbox.url}/__sandbox/${what}`)).json() as Promise<Record<string, unknown>[]>;
  return { sandbox, clock, instance, look, confirmed };
}

export const codeOf = ({ outcome, problem }: ItemAnswer): string => problem?.code ?? outcome;

export function describeFile(bytes: Uint8Array) {
  return {
    clientId: 'c',
    fileName: 'clip.mp4',
    contentType: 'video/mp4',
    sizeBytes: bytes.length,
    md5Base64: md5Of(bytes),
  };
}

export function sessionOf(answer: ItemAnswer): UploadSession {
  if (!answer.session) throw new Error(JSON.stringify(answer));
  return answer.session;
}

/** Sends all parts of the file, and returns what `finish` is told of them. */
export async function sendFile(
  call: CallItem,
  { ticket, transfer, signed }: UploadSession,
  bytes: Uint8Array,
) {
  const size = transfer.kind === 'multipart' ? (transfer.partSizeBytes ?? NaN) : bytes.length;
  const slices = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.slice(i * size, (i + 1) * size),
  );
  const parts = slices.map((slice, i) => ({
    partNumber: i + 1,
    sizeBytes: slice.length,
    md5Base64: md5Of(slice),
  }));
  const requests = signed?.length ? signed : (await call('sign', { ticket, parts })).requests;
  if (!requests) throw new Error('not signed');
  for (const [i, { url, headers }] of requests.entries()) {
    const { status } = await fetch(url, { method: 'PUT', headers, body: slices[i] ?? null });
    if (status >= 300) throw new Error(`part ${i + 1}: ${status}`);
  }
  return parts;
}

function md5Of(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('base64');
}
