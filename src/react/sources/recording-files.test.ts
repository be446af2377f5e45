import { afterEach, expect, it, vi } from 'vitest';
import { RecordingFiles } from './recording-files.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

it.each([
  ['removes what a page that died has left', true, ['one']],
  ['removes no film that another tab has begun since the locks were read', false, []],
])('%s', async (_what, isFree, expected) => {
  const request = (_name: string, _options: LockOptions, granted: (lock: Lock | null) => unknown) =>
    Promise.resolve(granted(isFree ? { name: '', mode: 'exclusive' } : null));
  vi.stubGlobal('navigator', { locks: { query: () => Promise.resolve({ held: [] }), request } });
  const removed: string[] = [];
  const folder = {
    async *entries() {
      yield ['one', { kind: 'directory', getFileHandle: () => Promise.reject(new Error('half-written')) }];
    },
    removeEntry: (id: string) => {
      removed.push(id);
      return Promise.resolve();
    },
  } as unknown as FileSystemDirectoryHandle;
  await new RecordingFiles(folder).sweep(() => false);
  expect(removed).toEqual(expected);
});
