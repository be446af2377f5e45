import {
  ALL_FORMATS,
  BlobSource,
  BufferTarget,
  Conversion,
  Input,
  Mp4OutputFormat,
  Output,
  StreamTarget,
  WebMOutputFormat,
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
    const conversion = await Conversion.init({ input, output });
    if (!conversion.isValid || conversion.discardedTracks.length) throw new Error('a track cannot be copied');
    await conversion.execute();
    const blob = target ? undefined : new Blob([buffer.buffer ?? ''], { type: source.type });
    const made = (await target?.getFile()) ?? blob;
    const durationSeconds = made && (await sameLength(input, made));
    if (durationSeconds === undefined) throw new Error('the copy is not the same');
    return { durationSeconds, blob };
  } finally {
    input.dispose();
  }
}

/** The length of the copy if it is that of the original; undefined if not. */
async function sameLength(original: Input, made: Blob): Promise<number | undefined> {
  const input = new Input({ source: new BlobSource(made), formats: ALL_FORMATS });
  try {
    const [before, after, tracksBefore, tracksAfter] = await Promise.all([
      original.computeDuration(),
      input.computeDuration(),
      original.getTracks(),
      input.getTracks(),
    ]);
    const isSame = tracksBefore.length === tracksAfter.length && Math.abs(before - after) < toleranceSeconds;
    return isSame ? after : undefined;
  } finally {
    input.dispose();
  }
}
