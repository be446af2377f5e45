import { expect, it, vi } from 'vitest';
import { ActiveSession } from '../session.js';
import { PartSigner } from './signer.js';

const request = (partNumber: number) => ({
  partNumber,
  method: 'PUT' as const,
  url: `https://store.test/${partNumber}`,
  headers: {},
  expiresInMs: 60_000,
});

it('signs the first batch although the request of one of its parts came with a late answer', async () => {
  const session = new ActiveSession(
    {
      ticket: 't',
      transfer: { kind: 'multipart', minPartSizeBytes: 10, maxPartSizeBytes: 10, maxPartCount: 100 },
    },
    20,
  );
  const sign = vi.fn((parts: { partNumber: number }[]) => {
    session.keep(
      parts.map(({ partNumber }) => request(partNumber)),
      0,
    );
    return Promise.resolve();
  });
  const signer = new PartSigner({ session, firstBatch: 2, elapsed: () => 0, sign });
  // A sign call of the attempt before is answered after this attempt has counted its unsigned parts.
  session.keep([request(2)], 0);
  const { signal } = new AbortController();
  const requests = await Promise.all(
    [1, 2].map((partNumber) => signer.request({ partNumber, sizeBytes: 10 }, signal)),
  );
  expect(requests.map((known) => known.request.partNumber)).toEqual([1, 2]);
  expect(sign).toHaveBeenCalledTimes(1);
});
