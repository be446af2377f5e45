import 'fake-indexeddb/auto';
import { describe, expect, it, vi } from 'vitest';
import { IndexedDbJournalStore } from './indexed-db.js';
import { JournalDatabase } from './journal-database.js';
import { MemoryJournalStore } from './memory.js';
import type { JournalEntry, JournalStore } from './store.js';

const entry: JournalEntry = {
  id: 'a',
  endpoint: '/api',
  provider: 'p',
  fileName: 'f.mp4',
  sizeBytes: 20,
  contentType: '',
  fingerprint: '20-x',
  ticket: 't',
  mediaId: 'm',
  transfer: { kind: 'single' },
  partSizeBytes: 10,
  phase: 'uploading',
  addedAt: 1,
  updatedAt: 2,
};

let databases = 0;
const stores: [string, () => JournalStore][] = [
  ['IndexedDB', () => new IndexedDbJournalStore(new JournalDatabase(`test-${++databases}`))],
  ['memory', () => new MemoryJournalStore()],
];

describe.each(stores)('the journal in %s', (_name, make) => {
  it('loads the journal entries of one endpoint and provider', async () => {
    const store = make();
    await store.put(entry);
    await store.put({ ...entry, id: 'b', provider: 'other' });
    expect(await store.load('/api', 'p')).toEqual([entry]);
    expect(await store.load('/elsewhere', 'p')).toEqual([]);
  });

  it('keeps the journalled parts of each upload in order, with the last record of each part', async () => {
    const store = make();
    await store.put(entry);
    await store.put({ ...entry, id: 'b' });
    await store.putPart('a', { partNumber: 1, sizeBytes: 10, md5Base64: 'old' });
    await store.putPart('a', { partNumber: 1, sizeBytes: 10, md5Base64: 'new' });
    await store.putPart('a', { partNumber: 2, sizeBytes: 10, md5Base64: 'x' });
    await store.putPart('b', { partNumber: 1, sizeBytes: 10, md5Base64: 'y' });
    expect(await store.parts('a')).toEqual([
      { partNumber: 1, sizeBytes: 10, md5Base64: 'new' },
      { partNumber: 2, sizeBytes: 10, md5Base64: 'x' },
    ]);
    await store.deletePart('a', 1);
    expect(await store.parts('a')).toHaveLength(1);
    expect(await store.parts('b')).toHaveLength(1);
  });

  it('refuses a part whose entry was cleared, until the entry is written again', async () => {
    const store = make();
    const part = { partNumber: 1, sizeBytes: 10, md5Base64: 'x' };
    await expect(store.putPart('a', part)).rejects.toMatchObject({ name: 'NotFoundError' });
    await Promise.all([store.put(entry), store.putPart('a', part)]);
    expect(await store.parts('a')).toEqual([part]);
  });

  it('deletes an upload from the journal with all its parts', async () => {
    const store = make();
    await store.put(entry);
    await store.putPart('a', { partNumber: 1, sizeBytes: 10, md5Base64: 'x' });
    await store.delete('a');
    expect(await store.load('/api', 'p')).toEqual([]);
    expect(await store.parts('a')).toEqual([]);
  });
});

describe('the journal in a database that is opened before it is read', () => {
  it('opens none of its own', async () => {
    const opens = vi.spyOn(indexedDB, 'open');
    const database = new JournalDatabase(`test-${++databases}`);
    const ahead = database.open();
    const store = new IndexedDbJournalStore(database);
    await store.put(entry);
    await ahead;
    expect(await store.load('/api', 'p')).toEqual([entry]);
    expect(opens).toHaveBeenCalledTimes(1);
  });

  it('opens it again after the browser refused it, or closed it, before it was read', async () => {
    const name = `test-${++databases}`;
    const database = new JournalDatabase(name);
    vi.spyOn(indexedDB, 'open').mockImplementationOnce(() => {
      throw new DOMException('not now', 'UnknownError');
    });
    await expect(database.open()).rejects.toThrow('not now');
    await database.open();
    await new Promise((resolve) => (indexedDB.deleteDatabase(name).onsuccess = resolve));
    const store = new IndexedDbJournalStore(database);
    await store.put(entry);
    expect(await store.load('/api', 'p')).toEqual([entry]);
  });
});

describe('the journal in IndexedDB with many requests at once', () => {
  const part = (partNumber: number) => ({ partNumber, sizeBytes: 10, md5Base64: `${partNumber}` });

  it('writes in few transactions, in the order of the requests, and reads what it was told to write', async () => {
    const transactions = vi.spyOn(IDBDatabase.prototype, 'transaction');
    const store = new IndexedDbJournalStore(new JournalDatabase(`test-${++databases}`));
    const writes = [
      store.put(entry),
      ...Array.from({ length: 50 }, (_, index) => store.putPart('a', part(index + 1))),
      store.deletePart('a', 7),
    ];
    expect(await store.parts('a')).toHaveLength(49);
    await Promise.all(writes);
    expect(transactions.mock.calls.length).toBeLessThanOrEqual(4);
    const [deleted, put] = [store.delete('a'), store.put({ ...entry, fileName: 'again.mp4' })];
    await Promise.all([deleted, put]);
    expect(await store.load('/api', 'p')).toMatchObject([{ fileName: 'again.mp4' }]);
    expect(await store.parts('a')).toEqual([]);
  });

  it('writes many small uploads in few transactions that are apart, and the latest of each entry', async () => {
    const store = new IndexedDbJournalStore(new JournalDatabase(`test-${++databases}`));
    await store.put(entry);
    const transactions = vi.spyOn(IDBDatabase.prototype, 'transaction');
    const puts = vi.spyOn(IDBObjectStore.prototype, 'put');
    const upload = async (id: string) => {
      // As fast as each is written.
      await store.put({ ...entry, id, phase: 'discarding' });
      void store.put({ ...entry, id });
      void store.putPart(id, part(1));
      await store.put({ ...entry, id, phase: 'finishing' });
      return Promise.all([store.put({ ...entry, id, phase: 'processing' })]);
    };
    await Promise.all(Array.from({ length: 100 }, (_, index) => upload(`u${index}`)));
    // The first is not delayed; each of the two that follow takes along all that is asked for meanwhile.
    expect(transactions).toHaveBeenCalledTimes(3);
    // The entries of one transaction are one; and there is a part of each.
    expect(puts).toHaveBeenCalledTimes(400);
    transactions.mockRestore();
    puts.mockRestore();
    const loaded = await store.load('/api', 'p');
    expect(loaded.filter(({ phase }) => phase === 'processing')).toHaveLength(100);
    expect(await store.parts('u99')).toEqual([part(1)]);
  });

  it('reads at once what a busy journal has not written yet, and does not wait for what is asked for later', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const store = new IndexedDbJournalStore(new JournalDatabase(`test-${++databases}`));
      await Promise.all(Array.from({ length: 100 }, (_, index) => store.put({ ...entry, id: `u${index}` })));
      const written: string[] = [];
      const note = (id: string) => store.put({ ...entry, id }).then(() => written.push(id));
      void note('before');
      const loading = store.load('/api', 'p');
      await vi.waitFor(() => expect(written).toEqual(['before']));
      void note('later');
      expect(await loading).toHaveLength(101);
      expect(written).toEqual(['before']);
    } finally {
      vi.useRealTimers();
    }
  });

  it('writes at once what waits when the page is hidden or left, and does not let it wait while it is hidden', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const page = Object.assign(new EventTarget(), { hidden: false });
    const commit = vi.spyOn(IDBTransaction.prototype, 'commit');
    const [add, remove] = [vi.spyOn(page, 'addEventListener'), vi.spyOn(page, 'removeEventListener')];
    vi.stubGlobal('document', page);
    vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
    vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
    try {
      const store = new IndexedDbJournalStore(new JournalDatabase(`test-${++databases}`));
      const makeBusy = () =>
        Promise.all(Array.from({ length: 100 }, (_, index) => store.put({ ...entry, id: `u${index}` })));
      const written: string[] = [];
      const put = (id: string) => store.put({ ...entry, id }).then(() => written.push(id));
      for (const type of ['pagehide', 'visibilitychange']) {
        await makeBusy();
        void put(type);
        // `vi.waitFor` would let the time pass.
        while (vi.getTimerCount() === 0) await new Promise(setImmediate);
        commit.mockClear();
        page.dispatchEvent(new Event(type));
        while (!written.includes(type)) await new Promise(setImmediate);
        // Chromium aborts the transactions of a page that ends, unless they are told to commit.
        expect(commit).toHaveBeenCalledTimes(1);
        await vi.advanceTimersByTimeAsync(100);
      }
      expect(add).toHaveBeenCalled();
      expect(remove).toHaveBeenCalledTimes(add.mock.calls.length);
      page.hidden = true;
      await makeBusy();
      await put('hidden');
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      commit.mockRestore();
      vi.unstubAllGlobals();
      vi.useRealTimers();
    }
  });

  it('keeps the order of a deletion and what is written before and after it in one transaction', async () => {
    const store = new IndexedDbJournalStore(new JournalDatabase(`test-${++databases}`));
    await Promise.all([
      store.put(entry),
      store.putPart('a', part(1)),
      store.delete('a'),
      store.put({ ...entry, fileName: 'again.mp4' }),
      store.put({ ...entry, fileName: 'once more.mp4' }),
    ]);
    expect(await store.load('/api', 'p')).toMatchObject([{ fileName: 'once more.mp4' }]);
    expect(await store.parts('a')).toEqual([]);
  });

  it('rejects one write that fails and keeps the others of its transaction', async () => {
    const store = new IndexedDbJournalStore(new JournalDatabase(`test-${++databases}`));
    const uncloneable = {
      ...entry,
      id: 'bad',
      transfer: { kind: 'single', get: () => {} },
    } as unknown as JournalEntry;
    const ends = await Promise.allSettled([
      store.put(entry),
      store.putPart('a', part(1)),
      store.put(uncloneable),
      store.putPart('a', part(2)),
    ]);
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(await store.load('/api', 'p')).toEqual([entry]);
    expect(await store.parts('a')).toHaveLength(2);
  });

  it('deletes an entry whose handle the browser refuses to store', async () => {
    const store = new IndexedDbJournalStore(new JournalDatabase(`test-${++databases}`));
    const handle = { get: () => {} } as unknown as JournalEntry['handle'];
    await store.put({ ...entry, handle });
    expect(await store.load('/api', 'p')).toEqual([entry]);
    // In one transaction.
    await Promise.all([store.put({ ...entry, handle }), store.delete('a')]);
    expect(await store.load('/api', 'p')).toEqual([]);
  });

  it('does not wait for the bytes of a file that the browser neither stores nor refuses', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const write = IDBObjectStore.prototype.put;
      const stands = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
        this: IDBObjectStore,
        value: unknown,
      ) {
        if (this.name !== 'files') return write.call(this, value);
        // As long as something is asked for, a transaction does not end.
        const again = (): IDBRequest<IDBValidKey> => {
          const request = this.getKey('nothing') as IDBRequest<IDBValidKey>;
          request.onsuccess = () => {
            again();
          };
          return request;
        };
        return again();
      });
      const store = new IndexedDbJournalStore(new JournalDatabase(`test-${++databases}`));
      const kept = expect(store.putFile('a', new Blob(['x']))).rejects.toMatchObject({ name: 'AbortError' });
      await store.put(entry);
      await store.putPart('a', part(1));
      expect(await store.parts('a')).toHaveLength(1);
      await store.delete('a');
      expect(await store.load('/api', 'p')).toEqual([]);
      await vi.advanceTimersByTimeAsync(10_000);
      await kept;
      expect(await store.file('a')).toBeUndefined();
      stands.mockRestore();
    } finally {
      vi.useRealTimers();
    }
  });

  it('keeps the bytes of small files in their records, and larger ones as Blobs', async () => {
    const put = vi.spyOn(IDBObjectStore.prototype, 'put');
    const store = new IndexedDbJournalStore(new JournalDatabase(`test-${++databases}`));
    await Promise.all([
      store.putFile('small', new Blob(['of a small file'])),
      store.putFile('large', new Blob(['x'.repeat(70_000)])),
    ]);
    const kept = new Map(
      (put.mock.calls as [{ id: string; bytes: unknown }][]).map(([{ id, bytes }]) => [id, bytes]),
    );
    put.mockRestore();
    expect(kept.get('small')).toBeInstanceOf(ArrayBuffer);
    expect(kept.get('large')).toBeInstanceOf(Blob);
    expect(await (await store.file('small'))?.text()).toBe('of a small file');
    expect(await store.file('nothing')).toBeUndefined();
    void store.putFile('small', new Blob(['of another file']));
    expect(await (await store.file('small'))?.text()).toBe('of another file');
  });

  it('writes no bytes of an upload that was deleted while they were read', async () => {
    const put = vi.spyOn(IDBObjectStore.prototype, 'put');
    const store = new IndexedDbJournalStore(new JournalDatabase(`test-${++databases}`));
    const kept = store.putFile('a', new Blob(['x']));
    await Promise.all([store.delete('a'), kept]);
    expect(put).not.toHaveBeenCalled();
    put.mockRestore();
    await store.putFile('a', new Blob(['again']));
    expect(await (await store.file('a'))?.text()).toBe('again');
  });

  it('deletes kept files whose upload is no longer journalled', async () => {
    const name = `test-${++databases}`;
    await new IndexedDbJournalStore(new JournalDatabase(name)).putFile('gone', new Blob(['x']));
    const store = new IndexedDbJournalStore(new JournalDatabase(name));
    await store.put(entry);
    await store.putFile('a', new Blob(['y']));
    await store.load('/api', 'p');
    await vi.waitFor(async () => {
      expect(await store.file('gone')).toBeUndefined();
    });
    expect(await store.file('a')).toBeDefined();
  });

  it('deletes the parts of an upload whose entry was refused', async () => {
    const name = `test-${++databases}`;
    const earlier = new IndexedDbJournalStore(new JournalDatabase(name));
    await earlier.put(entry);
    await earlier.putPart('a', part(1));
    await expect(earlier.putPart('refused', part(1))).rejects.toThrow();
    const store = new IndexedDbJournalStore(new JournalDatabase(name));
    expect(await store.load('/api', 'p')).toHaveLength(1);
    expect(await store.parts('refused')).toEqual([]);
    expect(await store.parts('a')).toEqual([part(1)]);
  });

  it('opens the database again after an open that failed', async () => {
    const store = new IndexedDbJournalStore(new JournalDatabase(`test-${++databases}`));
    const opens = vi.spyOn(indexedDB, 'open').mockImplementationOnce(() => {
      throw new DOMException('Internal error opening backing store', 'UnknownError');
    });
    await expect(store.load('/api', 'p')).rejects.toMatchObject({ name: 'UnknownError' });
    await expect(store.load('/api', 'p')).resolves.toEqual([]);
    opens.mockRestore();
  });
});
