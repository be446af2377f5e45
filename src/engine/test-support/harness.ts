import { createUploader } from '../create.js';
// Loaded on first use otherwise, which takes real time that the fake clock knows nothing of.
import '../effects/look-at-store.js';
import '../effects/resume-session.js';
import '../effects/send-attachments.js';
import '../effects/update-details.js';
import '../first-file.js';
import type { UploaderOptions } from '../options.js';
import { MemoryJournalStore } from '../resume/memory.js';
import type { JournalStore } from '../resume/store.js';
import type { Uploader, UploadSnapshot } from '../types.js';
import { FakeClock, settle } from './fake-clock.js';
import { FakeCloud, type FakeCloudOptions } from './fake-cloud.js';
import { FakeNetwork } from './fake-network.js';

export interface Harness {
  uploader: Uploader;
  cloud: FakeCloud;
  clock: FakeClock;
  network: FakeNetwork;
  store: JournalStore;
  /** The one upload there is. */
  only(): UploadSnapshot;
  /** Lets time pass until the one upload has this status; fails with what it has instead. */
  until(status: UploadSnapshot['status'], withinMs?: number): Promise<UploadSnapshot>;
  /** The page is loaded again: same cloud, same journal, nothing else left. */
  reload(options?: Partial<UploaderOptions>): Harness;
}

let ids = 0;

/** An uploader whose outside world is in the test's hands. */
export function harness(
  options: Partial<UploaderOptions> & { cloud?: FakeCloudOptions } = {},
  kept: { cloud?: FakeCloud; store?: JournalStore; clock?: FakeClock } = {},
): Harness {
  const { cloud: cloudOptions, ...uploaderOptions } = options;
  const clock = kept.clock ?? new FakeClock();
  const cloud = kept.cloud ?? new FakeCloud({ elapsed: () => clock.elapsed(), ...cloudOptions });
  const store = kept.store ?? new MemoryJournalStore();
  const network = new FakeNetwork();
  const uploader = createUploader({
    endpoint: '/api/uploads',
    provider: 'fake',
    restrictions: { accept: [] },
    keepFilesMaxSizeBytes: 0,
    ...uploaderOptions,
    ports: {
      tabs: undefined,
      probe: () => Promise.resolve(undefined),
      workers: cloud.workers,
      fetch: cloud.fetch,
      store,
      network,
      reach: () => Promise.resolve(false),
      clock,
      random: () => 0.5,
      newId: () => `upload-${++ids}`,
      ...uploaderOptions.ports,
    },
  });
  const only = () => {
    const [upload, ...others] = uploader.getSnapshot().uploads;
    if (!upload || others.length > 0)
      throw new Error(`${others.length + (upload ? 1 : 0)} uploads instead of one`);
    return upload;
  };
  return {
    uploader,
    cloud,
    clock,
    network,
    store,
    only,
    async until(status, withinMs = 10 * 60_000) {
      for (let passed = 0; passed <= withinMs; passed += 250) {
        // Before the journal is read there is none.
        if (uploader.getSnapshot().uploads.length > 0 && only().status === status) return only();
        await clock.advance(250);
      }
      throw new Error(`still ${only().status} (${only().error?.message ?? 'no error'}) instead of ${status}`);
    },
    reload(changed = {}) {
      uploader.destroy();
      return harness({ ...options, ...changed }, { cloud, store, clock });
    },
  };
}

/** A file of `size` bytes that are all different enough; another `seed` is another content. */
export function testFile(
  size: number,
  {
    name = 'clip.mp4',
    seed = 1,
    lastModified = 1,
  }: { name?: string; seed?: number; lastModified?: number } = {},
): File {
  const bytes = new Uint8Array(size);
  // A plain loop: files of twenty megabytes are made here, and `from` takes a second for each.
  for (let index = 0; index < size; index += 1) bytes[index] = index * 31 + (index >> 8) * 7 + seed * 101;
  return new File([bytes], name, { lastModified, type: 'video/mp4' });
}

export { settle };
