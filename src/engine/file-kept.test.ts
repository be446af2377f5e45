import { expect, it } from 'vitest';
import { harness, testFile } from './test-support/harness.js';

it.each([
  ['whose bytes are kept', 1000, true],
  ['too large to be kept, and without a handle', 10, false],
])(
  'tells of a file %s whether a later visit can open it',
  async (_what, keepFilesMaxSizeBytes, isFileKept) => {
    const { uploader, cloud, only, until } = harness({ keepFilesMaxSizeBytes });
    cloud.onPut = () => new Promise<'ok'>(() => undefined);
    await uploader.add([testFile(95)]);
    await until('uploading');
    expect(only().isFileKept).toBe(isFileKept);
    uploader.destroy();
  },
);

it('tells of a file with a handle that a later visit can open it', async () => {
  const { uploader, cloud, only, until } = harness({ keepFilesMaxSizeBytes: 10 });
  cloud.onPut = () => new Promise<'ok'>(() => undefined);
  const handle = { kind: 'file' } as FileSystemFileHandle;
  await uploader.add([{ file: testFile(95), handle }]);
  await until('uploading');
  expect(only().isFileKept).toBe(true);
  uploader.destroy();
});
