import { describe, expect, it } from 'vitest';
import { MemoryJournalStore } from './resume/memory.js';
import { harness, testFile } from './test-support/harness.js';

/** A store that can be told to refuse, or never to answer, some of its writes. */
class FlakyStore extends MemoryJournalStore {
  fate: 'works' | 'refuses' | 'is silent' = 'works';

  override put(...args: Parameters<MemoryJournalStore['put']>) {
    return this.#meet(() => super.put(...args));
  }

  override putPart(...args: Parameters<MemoryJournalStore['putPart']>) {
    return this.#meet(() => super.putPart(...args));
  }

  override delete(id: string) {
    return this.#meet(() => super.delete(id));
  }

  async clear(): Promise<void> {
    for (const { id } of await this.load('/api/uploads', 'fake')) await super.delete(id);
  }

  #meet(write: () => Promise<void>): Promise<void> {
    if (this.fate === 'works') return write();
    if (this.fate === 'is silent') return new Promise(() => {});
    return Promise.reject(new DOMException('The disk is full.', 'QuotaExceededError'));
  }
}

async function stuck(store: FlakyStore) {
  const h = harness({ concurrency: { connections: 1 } }, { store });
  let isOut = true;
  h.cloud.onPut = ({ partNumber }) => (partNumber >= 5 && isOut ? { status: 503 } : 'ok');
  await h.uploader.add([testFile(95)]);
  await h.clock.advance(1000);
  return { h, mend: () => (isOut = false) };
}

describe('an entry of the journal', () => {
  it.each(['refuses', 'is cleared'] as const)('is written again when the disk %s it', async (what) => {
    const store = new FlakyStore();
    if (what === 'refuses') store.fate = 'refuses';
    const { h } = await stuck(store);
    if (what === 'is cleared') await store.clear();
    expect(await store.load('/api/uploads', 'fake')).toEqual([]);
    store.fate = 'works';
    await h.clock.advance(2 * 60_000);
    const [entry] = await store.load('/api/uploads', 'fake');
    expect(entry).toMatchObject({ fileName: 'clip.mp4', phase: 'uploading' });
    expect(await store.parts(entry?.id ?? '')).toHaveLength(4);
    expect(h.uploader.getSnapshot().canResumeAfterReload).toBe(true);

    const next = h.reload();
    next.cloud.onPut = () => 'ok';
    await next.clock.advance(1000);
    expect(next.uploader.getSnapshot().unfinished).toMatchObject([{ storedBytes: 40 }]);
    await next.uploader.add([testFile(95)]);
    await next.until('ready');
    expect(next.cloud.putsOf(1)).toBe(1);
  });

  it('is deleted in the end where the disk refuses that at first, and the host hears of no end twice', async () => {
    const store = new FlakyStore();
    const { h, mend } = await stuck(store);
    const heard: string[] = [];
    h.uploader.onEvent(({ type }) => heard.push(type));
    mend();
    store.fate = 'refuses';
    await h.until('ready', 60_000);
    expect(await store.load('/api/uploads', 'fake')).toHaveLength(1);
    store.fate = 'works';
    await h.clock.advance(60_000);
    expect(await store.load('/api/uploads', 'fake')).toEqual([]);
    const next = h.reload();
    next.uploader.onEvent(({ type }) => heard.push(type));
    await next.clock.advance(10_000);
    expect(heard.filter((type) => type === 'ready')).toHaveLength(1);
  });

  it('is not written again once its upload has ended', async () => {
    const store = new FlakyStore();
    const { h, mend } = await stuck(store);
    mend();
    await h.until('ready', 60_000);
    await h.clock.advance(3_600_000);
    expect(await store.load('/api/uploads', 'fake')).toEqual([]);
  });

  it('says that an upload is to be discarded as long as it is not known what file it is', async () => {
    const store = new FlakyStore();
    const { workers } = harness().cloud;
    let isSilent = true;
    const h = harness(
      {
        ports: {
          workers: {
            ...workers,
            hash: (...args) => (isSilent ? new Promise(() => {}) : workers.hash(...args)),
          },
        },
      },
      { store },
    );
    await h.uploader.add([testFile(21 * 1024 * 1024)]);
    await h.clock.advance(1000);
    expect(await store.load('/api/uploads', 'fake')).toMatchObject([{ phase: 'discarding' }]);
    isSilent = false;
    const next = h.reload();
    await next.clock.advance(1000);
    expect(next.cloud.only().told).toEqual(['canceled']);
    expect(await store.load('/api/uploads', 'fake')).toEqual([]);
  });
});
