import {
  ALL_FORMATS,
  BlobSource,
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  Input,
  Mp4OutputFormat,
  Output,
  StreamTarget,
  WebMOutputFormat,
  type InputAudioTrack,
  type InputTrack,
  type InputVideoTrack,
} from 'mediabunny';

export interface Remuxed {
  readonly durationSeconds: number;
  /** Where there was no file to write into. */
  readonly blob: Blob | undefined;
}

/** Without a file the whole is made in memory, up to this size. */
const inMemoryBytes = 256e6;
/** What the old and the new file may differ by. */
const toleranceSeconds = 1;

/**
 * Copies the streams of a recording into a new file that says its length and can be sought, which what a MediaRecorder
 * writes cannot. Nothing is decoded. Rejects where that fails, and where what comes out is not the same.
 */
export async function remux(source: Blob, target: FileSystemFileHandle | undefined): Promise<Remuxed> {
  if (!target && source.size > inMemoryBytes) throw new RangeError('too large to be remuxed in memory');
  const input = new Input({ source: new BlobSource(source), formats: ALL_FORMATS });
  const buffer = new BufferTarget();
  try {
    const isMp4 = (await input.getMimeType()).startsWith('video/mp4');
    const output = new Output({
      format: isMp4 ? new Mp4OutputFormat({ fastStart: false }) : new WebMOutputFormat(),
      // The stream is closed with the output, which is when the file gets its content.
      target: target ? new StreamTarget(await target.createWritable(), { chunked: true }) : buffer,
    });
    await copyTracks(input, output).catch(async (error: unknown) => {
      await output.cancel();
      throw error;
    });
    const blob = target ? undefined : new Blob([buffer.buffer ?? ''], { type: source.type });
    const made = (await target?.getFile()) ?? blob;
    const durationSeconds = made && (await sameLength(input, made));
    if (durationSeconds === undefined) throw new Error('the copy is not the same');
    return { durationSeconds, blob };
  } finally {
    input.dispose();
  }
}

async function copyTracks(input: Input, output: Output): Promise<void> {
  const [video, audio] = await Promise.all([input.getPrimaryVideoTrack(), input.getPrimaryAudioTrack()]);
  const tracks = [video, audio].filter((track) => track !== null);
  // The clock of a recorder need not begin at zero.
  const begins = Math.min(...(await Promise.all(tracks.map((track) => track.getFirstTimestamp()))));
  const copies = [
    video && (await copyVideo(video, output, begins)),
    audio && (await copyAudio(audio, output, begins)),
  ];
  await output.start();
  // Side by side: the output takes from one track only as much as it has of the other.
  await Promise.all(copies.filter((copy) => copy !== null).map((copy) => copy()));
  await output.finalize();
}

type Copy = () => Promise<void>;

async function copyVideo(track: InputVideoTrack, output: Output, begins: number): Promise<Copy> {
  const codec = await track.getCodec();
  if (!codec) throw new Error('an unknown codec');
  const source = new EncodedVideoPacketSource(codec);
  output.addVideoTrack(source, { rotation: await track.getRotation() });
  const decoderConfig = (await track.getDecoderConfig()) ?? undefined;
  return async () => {
    for await (const packet of packetsOf(track, begins)) await source.add(packet, { decoderConfig });
    source.close();
  };
}

async function copyAudio(track: InputAudioTrack, output: Output, begins: number): Promise<Copy> {
  const codec = await track.getCodec();
  if (!codec) throw new Error('an unknown codec');
  const source = new EncodedAudioPacketSource(codec);
  output.addAudioTrack(source);
  const decoderConfig = (await track.getDecoderConfig()) ?? undefined;
  return async () => {
    for await (const packet of packetsOf(track, begins)) await source.add(packet, { decoderConfig });
    source.close();
  };
}

async function* packetsOf(track: InputTrack, begins: number) {
  for await (const packet of new EncodedPacketSink(track).packets())
    yield packet.clone({ timestamp: packet.timestamp - begins });
}

/** The length of the copy if it is that of the original; undefined if not. */
async function sameLength(original: Input, made: Blob): Promise<number | undefined> {
  const input = new Input({ source: new BlobSource(made), formats: ALL_FORMATS });
  try {
    const [before, after, tracksBefore, tracksAfter, begins] = await Promise.all([
      original.computeDuration(),
      input.computeDuration(),
      original.getTracks(),
      input.getTracks(),
      original.getFirstTimestamp(),
    ]);
    const isSame =
      tracksBefore.length === tracksAfter.length && Math.abs(before - begins - after) < toleranceSeconds;
    return isSame ? after : undefined;
  } finally {
    input.dispose();
  }
}
