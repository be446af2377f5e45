import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { IndexedDbResumeStore } from './indexed-db.js';
import { MemoryResumeStore } from './memory.js';
import type { JournalEntry, ResumeStore } from './store.js';

const entry: JournalEntry = {
  id: 'a', endpoint: '/api', provider: 'p', fileName: 'f.mp4', sizeBytes: 20, contentType: '', fingerprint: '20-x', ticket: 't', mediaId: 'm',
  transfer: { kind: 'single' }, partSizeBytes: 10, phase: 'uploading', addedAt: 1, updatedAt: 2,
};

let databases = 0;
const stores: [string, () => ResumeStore][] = [
  ['IndexedDB', () => new IndexedDbResumeStore(`test-${++databases}`)],
  ['memory', () => new MemoryResumeStore()],
];

describe.each(stores)('the journal in %s', (_name, make) => {
  it('gives back what was put, by endpoint and provider', async () => {
    const store = make();
    await store.put(entry);
    await store.put({ ...entry, id: 'b', provider: 'other' });
    expect(await store.load('/api', 'p')).toEqual([entry]);
    expect(await store.load('/elsewhere', 'p')).toEqual([]);
  });

  it('keeps parts in order, the last word about each, apart for each upload', async () => {
    const store = make();
    await store.putPart('a', { partNumber: 1, sizeBytes: 10, md5Base64: 'old' });
    await store.putPart('a', { partNumber: 1, sizeBytes: 10, md5Base64: 'new' });
    await store.putPart('a', { partNumber: 2, sizeBytes: 10, md5Base64: 'x' });
    await store.putPart('b', { partNumber: 1, sizeBytes: 10, md5Base64: 'y' });
    expect(await store.parts('a')).toEqual([{ partNumber: 1, sizeBytes: 10, md5Base64: 'new' }, { partNumber: 2, sizeBytes: 10, md5Base64: 'x' }]);
    await store.deletePart('a', 1);
    expect(await store.parts('a')).toHaveLength(1);
    expect(await store.parts('b')).toHaveLength(1);
  });

  it('forgets an upload with all its parts', async () => {
    const store = make();
    await store.put(entry);
    await store.putPart('a', { partNumber: 1, sizeBytes: 10, md5Base64: 'x' });
    await store.delete('a');
    expect(await store.load('/api', 'p')).toEqual([]);
    expect(await store.parts('a')).toEqual([]);
  });
});
