import { EncodedAudioPacketSource, EncodedPacket, Output, WavOutputFormat } from 'mediabunny';
import { expect, it } from 'vitest';
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

it.each([
  ['tells that the disk is full, whatever the muxer fails with after that', 10, 'no-space'],
  ['tells of no failure where everything was written', 1000, undefined],
])('%s', async (_what, freeBytes, problem) => {
  const { target, failure } = await openTarget(fileOn(freeBytes));
  const output = new Output({ format: new WavOutputFormat(), target });
  const source = new EncodedAudioPacketSource('pcm-s16');
  output.addAudioTrack(source);
  await output.start();
  await source.add(new EncodedPacket(new Uint8Array(100), 'key', 0, 1), {
    decoderConfig: { codec: 'pcm-s16', numberOfChannels: 1, sampleRate: 50 },
  });
  await output.finalize().catch(() => {});
  expect(failure()).toEqual(problem && expect.objectContaining({ problem }));
});
