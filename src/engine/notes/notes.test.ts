import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import './index.js';
import { harness, settle, testFile, type Harness } from '../test-support/harness.js';
import type { MediaProbe } from '../types.js';
import { notesOf } from './notes-of.js';
import { SentBefore } from './sent-before.js';

const plain: MediaProbe = { width: 1920, height: 1080, videoCodec: 'avc', audioCodec: 'aac', hasAudio: true };

it.each<[string, MediaProbe | undefined, readonly string[]]>([
  ['what cannot be read', undefined, []],
  ['H.264 with sound', plain, []],
  ['HEVC of 10 bit', { ...plain, videoCodec: 'hevc', bitDepth: 10 }, ['codec']],
  ['VP9 of 10 bit', { ...plain, videoCodec: 'vp9', bitDepth: 10 }, []],
  ['H.264 of 10 bit', { ...plain, bitDepth: 10 }, ['codec']],
  ['HDR', { ...plain, isHdr: true }, ['hdr']],
  ['a video without sound', { ...plain, hasAudio: false }, ['no-sound']],
  ['a video whose sound is not known', { ...plain, hasAudio: undefined, audioCodec: undefined }, []],
  ['an upright video', { ...plain, width: 1080, height: 1920 }, ['vertical']],
  ['a square one', { ...plain, width: 1080, height: 1080 }, []],
  ['a file that was cut off', { isIncomplete: true }, ['incomplete']],
  ['sound alone', { audioCodec: 'aac', hasAudio: true }, []],
])('notes of %s what its headers say', (_what, probe, codes) => {
  expect(notesOf(probe).map(({ code }) => code)).toEqual(codes);
});

it('names the codec and how many bits a color has, where those are not eight', () => {
  expect(notesOf({ ...plain, videoCodec: 'hevc', bitDepth: 10 })).toEqual([
    { code: 'codec', codec: 'hevc', bitDepth: 10 },
  ]);
  expect(notesOf({ ...plain, videoCodec: 'hevc', bitDepth: 8 })).toEqual([
    { code: 'codec', codec: 'hevc', bitDepth: undefined },
  ]);
});

/** In Node there is none without a flag. */
class FakeStorage {
  readonly #items = new Map<string, string>();
  getItem = (key: string) => this.#items.get(key) ?? null;
  setItem = (key: string, value: string) => void this.#items.set(key, value);
}

beforeEach(() => {
  vi.stubGlobal('localStorage', new FakeStorage());
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const silent = () => Promise.resolve<MediaProbe>({ ...plain, hasAudio: false });

/** The codes once there are some; uploads go on meanwhile. */
async function codesOf({ uploader, clock }: Harness, index = 0, turns = 1000): Promise<readonly string[]> {
  for (let turn = 0; turn < turns; turn++) {
    const notes = uploader.getSnapshot().uploads[index]?.notes;
    if (notes) return notes.map(({ code }) => code);
    await settle();
    await clock.advance(50);
  }
  return [];
}

/** None, and none come in the time in which others do. */
const noCodesOf = (test: Harness) => codesOf(test, 0, 20);

it('takes notes of every file where the host wants them', async () => {
  const test = harness({ notes: true, autoStart: false, ports: { probe: silent } });
  await test.uploader.add([testFile(1000)]);
  expect(await codesOf(test)).toEqual(['no-sound']);
  expect(test.only().probe).toEqual({ ...plain, hasAudio: false });
});

it('takes notes where the headers are read for a limit, without reading them again', async () => {
  const probe = vi.fn(silent);
  const restrictions = { accept: [], maxDurationSeconds: 60 };
  const test = harness({ autoStart: false, restrictions, ports: { probe } });
  await test.uploader.add([testFile(1000)]);
  expect(await codesOf(test)).toEqual(['no-sound']);
  expect(probe).toHaveBeenCalledTimes(1);
});

it.each([
  ['no limit asks for the headers', undefined, {}],
  ['the host wants none', false, { maxDurationSeconds: 60 }],
])('takes no notes where %s', async (_what, notes, limits) => {
  const restrictions = { accept: [], ...limits };
  const test = harness({ notes, autoStart: false, restrictions, ports: { probe: silent } });
  await test.uploader.add([testFile(1000)]);
  expect(await noCodesOf(test)).toEqual([]);
});

it('notes the second of two files of the same content, and which the first is', async () => {
  const test = harness({ notes: true, autoStart: false });
  await test.uploader.add([testFile(1000, { name: 'a.mp4' }), testFile(1000, { name: 'b.mp4' })]);
  await test.uploader.add([testFile(1000, { name: 'c.mp4', seed: 2 })]);
  expect(await codesOf(test, 1)).toEqual(['same-video']);
  const [first, second, third] = test.uploader.getSnapshot().uploads;
  expect(second?.notes).toEqual([
    { code: 'same-video', duplicateOf: { id: first?.id, fileName: 'a.mp4' }, sentAt: undefined },
  ]);
  expect([first?.notes, third?.notes]).toEqual([undefined, undefined]);
});

it('notes a video that was sent on an earlier visit, in the same scope only', async () => {
  const before = harness({ notes: true, scope: 'anna' });
  await before.uploader.add([testFile(1000)]);
  await before.until('ready');
  await vi.waitFor(() => {
    expect(new SentBefore('anna', () => before.clock.now()).hasSize(1000)).toBe(true);
  });
  const sentAt = before.clock.now();
  const after = before.reload();
  await after.uploader.add([testFile(1000, { name: 'copy.mp4' })]);
  expect(await codesOf(after)).toEqual(['same-video']);
  const [note] = after.only().notes ?? [];
  expect(note?.code === 'same-video' && note.sentAt).toBeLessThanOrEqual(sentAt);
  const other = harness({ notes: true, scope: 'ben', autoStart: false });
  await other.uploader.add([testFile(1000)]);
  expect(await noCodesOf(other)).toEqual([]);
});

it('does not take an upload for the one that it has just become', async () => {
  const test = harness({ notes: true });
  await test.uploader.add([testFile(1000)]);
  await test.until('ready');
  expect(await noCodesOf(test)).toEqual([]);
});

it('remembers no more than ninety days, and only what it wrote itself', () => {
  let now = 1_000_000;
  const sent = new SentBefore('', () => now);
  localStorage.setItem('vodrop-sent-1:', '[{"fingerprint":1},null,"x"]');
  expect(sent.hasSize(5)).toBe(false);
  sent.remember('5-abc', 'one');
  expect(sent.sentAt('5-abc', 'two')).toBe(1_000_000);
  expect(sent.sentAt('5-abc', 'one')).toBeUndefined();
  now += 91 * 24 * 3_600_000;
  expect(sent.hasSize(5)).toBe(false);
});

it('remembers nothing where the browser forbids it', () => {
  vi.stubGlobal('localStorage', undefined);
  const sent = new SentBefore('', () => 0);
  sent.remember('5-abc', 'one');
  expect(sent.hasSize(5)).toBe(false);
});
