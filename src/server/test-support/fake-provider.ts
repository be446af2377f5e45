import * as v from 'valibot';
import { vi, type Mock } from 'vitest';
import { mediaIdOf, type CallContext, type Provider } from '../provider.js';
import { createLimit } from '../limit.js';

type Method = Exclude<
  keyof Provider,
  | 'id'
  | 'capabilities'
  | 'options'
  | 'imports'
  | 'probe'
  | 'unfinishedUploads'
  | 'listUnfinished'
  | 'discardUnfinished'
  | 'lookUp'
>;
export type FakeProvider = Pick<Provider, 'id' | 'capabilities' | 'options'> & {
  [K in Method]-?: Mock<NonNullable<Provider[K]>>;
};

/** Creates a provider whose methods all succeed until a test mocks another result. */
export function fakeProvider(id = 'fake'): FakeProvider {
  const signed = (partNumber: number) => ({
    partNumber,
    method: 'PUT' as const,
    url: 'https://store.test/o?Signature=s3cr3t',
    headers: {},
    expiresInMs: 1000,
  });
  return {
    id,
    capabilities: {
      checksum: 'none',
      singlePutMaxBytes: 1000,
      signing: 'ahead',
      canReplace: true,
      cover: { contentTypes: ['image/jpeg'], when: 'any', maxSizeBytes: 1000 },
      updates: { title: { maxLength: 10, unit: 'characters' } },
    },
    update: vi.fn<NonNullable<Provider['update']>>(() => Promise.resolve()),
    options: v.object({ title: v.optional(v.pipe(v.string(), v.maxLength(10))) }),
    attach: vi.fn<NonNullable<Provider['attach']>>((_, attachments) =>
      Promise.resolve({
        requests: attachments.map(({ attachmentId }) => ({
          attachmentId,
          method: 'PUT',
          url: 'https://store.test/a',
          headers: {},
          expiresInMs: 1000,
        })),
      }),
    ),
    start: vi.fn<Provider['start']>((upload) =>
      Promise.resolve({
        mediaId: `media-${upload.clientId}`,
        transfer: { kind: 'single' },
        state: { url: 'u' },
        signed: [signed(1)],
      }),
    ),
    sign: vi.fn<Provider['sign']>((_, parts) =>
      Promise.resolve({ outcome: 'signed', requests: parts.map((part) => signed(part.partNumber)) }),
    ),
    list: vi.fn<Provider['list']>(() => Promise.resolve([{ partNumber: 1, sizeBytes: 5, eTag: 'e' }])),
    complete: vi.fn<Provider['complete']>(() =>
      Promise.resolve({ outcome: 'completed', eTag: 'e', sizeBytes: 5 }),
    ),
    abort: vi.fn<Provider['abort']>(() => Promise.resolve()),
    confirm: vi.fn<Provider['confirm']>(() => Promise.resolve()),
    details: vi.fn<Provider['details']>((sessions) =>
      Promise.resolve(
        sessions.map((session) => ({ mediaId: mediaIdOf(session), provider: id, status: 'ready' })),
      ),
    ),
  };
}

/** Counts the calls to the provider. */
export function callCount(provider: FakeProvider): number {
  const { start, sign, attach, list, complete, abort, confirm, details, update } = provider;
  return [start, sign, attach, list, complete, abort, confirm, details, update].reduce(
    (sum, method) => sum + method.mock.calls.length,
    0,
  );
}

export function fakeContext(signal: AbortSignal = new AbortController().signal): CallContext {
  return { signal, limit: createLimit(8) };
}
