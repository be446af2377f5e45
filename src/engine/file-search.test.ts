import { expect, it, vi } from 'vitest';
import { UploadError } from './errors.js';
import { harness, testFile } from './test-support/harness.js';

// As after a deploy that has removed it.
vi.mock('./effects/file-search.js', () => {
  throw new TypeError('Failed to fetch dynamically imported module');
});

it('waits for the disk, and goes on by itself, where the code that looks elsewhere cannot be loaded', async () => {
  const h = harness({ concurrency: { connections: 1 } });
  const { hash, put } = h.cloud.workers;
  let isAway = false;
  const readable = <T>(read: () => Promise<T>): Promise<T> =>
    isAway ? Promise.reject(new UploadError('file-unreadable')) : read();
  // The digests of all parts are hashed as well, and are not on the disk.
  h.cloud.workers.hash = (body, options) =>
    body.size > 95 ? hash(body, options) : readable(() => hash(body, options));
  h.cloud.workers.put = (...call) => readable(() => put(...call));
  h.cloud.onPut = ({ partNumber }) => {
    isAway = partNumber >= 5;
    return 'ok';
  };
  await h.uploader.add([testFile(95)]);
  await h.clock.advance(3_600_000);
  expect(h.only()).toMatchObject({ status: 'uploading', waiting: { for: 'file' } });
  h.cloud.onPut = () => 'ok';
  isAway = false;
  await h.until('ready');
  expect([1, 2, 3, 4].map((part) => h.cloud.putsOf(part))).toEqual([1, 1, 1, 1]);
});
