import { EncodedAudioPacketSource, EncodedPacket, Output, WavOutputFormat } from 'mediabunny';
import { expect, it, vi } from 'vitest';
import { openTarget } from './copy-target.js';

/** A file in a worker, on a disk that takes so many bytes. */
function fileOn(freeBytes: number): FileSystemFileHandle {
  const access = {
    truncate: () => {},
    write: ({ byteLength }: Uint8Array) => (byteLength > freeBytes ? 2 ** 32 - 1 : byteLength),
    flush: () => {},
    close: () => {},
  };
  return { createSyncAccessHandle: () => Promise.resolve(access) } as unknown as FileSystemFileHandle;
}

/** Sound of so many bytes. */
async function begin(freeBytes: number, bytes: number) {
  const onFailure = vi.fn();
  const { target, failure } = await openTarget(fileOn(freeBytes), onFailure);
  const output = new Output({ format: new WavOutputFormat(), target });
  const source = new EncodedAudioPacketSource('pcm-s16');
  output.addAudioTrack(source);
  await output.start();
  await source.add(new EncodedPacket(new Uint8Array(bytes), 'key', 0, 1), {
    decoderConfig: { codec: 'pcm-s16', numberOfChannels: 1, sampleRate: bytes / 2 },
  });
  return { output, failure, onFailure };
}

it.each([
  ['tells that the disk is full', 10, 'no-space'],
  ['tells of no failure where everything was written', 1000, undefined],
])('%s', async (_what, freeBytes, problem) => {
  const { output, failure, onFailure } = await begin(freeBytes, 100);
  await output.finalize();
  expect(failure()).toEqual(problem && expect.objectContaining({ problem }));
  expect(onFailure).toHaveBeenCalledTimes(problem ? 1 : 0);
});

it('can be closed after the disk has failed: mediabunny does that where nothing waits for it', async () => {
  const { output, failure, onFailure } = await begin(10, 2 ** 22);
  await vi.waitFor(() => {
    expect(onFailure).toHaveBeenCalledOnce();
  });
  await expect(output.cancel()).resolves.toBeUndefined();
  expect(failure()).toMatchObject({ problem: 'no-space' });
});
