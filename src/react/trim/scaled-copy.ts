import {
  Conversion,
  EncodedPacket,
  EncodedVideoPacketSource,
  type Input,
  type InputVideoTrack,
  type Output,
  type VideoSample,
} from 'mediabunny';
import { avcConfig } from './avc-config.js';
import { isQuotaExceeded, type EncodeOrder } from './copy-types.js';
import { cancelOutput } from './copy-target.js';
import { even, keyFrameSeconds, packetsForRate, soundOf } from './encoding.js';
import type { PauseSwitch } from './pause-switch.js';
import { OpaqueSampleSink } from './opaque-sink.js';
import { encoderScales } from './scale-check.js';

/** Of frames that wait for the encoder, beside the one that it encodes: each has megabytes. */
const mostWaiting = 1;
/** How far the sound may be ahead of the picture; what waits for the other stream is in memory. */
const aheadSeconds = 1;

/** How the pictures of a film become smaller. */
export interface Scaling {
  readonly video: InputVideoTrack;
  readonly config: VideoEncoderConfig;
  /**
   * A canvas draws the pictures anew: where the encoder of the browser does not scale, for pixels that are not square,
   * and for HDR, whose colors a canvas maps to those of H.264 with eight bits.
   */
  readonly isDrawn: boolean;
}

/** Undefined where the browser encodes no H.264 of that size. */
export async function scalingOf(
  { bitsPerSecond, lines }: EncodeOrder,
  video: InputVideoTrack,
): Promise<Scaling | undefined> {
  if (lines === undefined || typeof VideoEncoder === 'undefined') return undefined;
  const [isHdr, codedWidth, codedHeight, width, height, { averagePacketRate }] = await Promise.all([
    video.hasHighDynamicRange(),
    video.getCodedWidth(),
    video.getCodedHeight(),
    video.getSquarePixelWidth(),
    video.getSquarePixelHeight(),
    video.computePacketStats(packetsForRate),
  ]);
  const scale = Math.min(1, lines / Math.min(width, height));
  const config = avcConfig({
    width: even(width * scale),
    height: even(height * scale),
    bitsPerSecond,
    frameRate: averagePacketRate,
  });
  if (!config || (await VideoEncoder.isConfigSupported(config)).supported !== true) return undefined;
  const isSquare = codedWidth === width && codedHeight === height;
  const hasSize = config.width === width && config.height === height;
  const isDrawn = isHdr || !isSquare || !(hasSize || (await encoderScales(config.codec)));
  return { video, config, isDrawn };
}

export interface ScaledCopyOptions {
  readonly scaling: Scaling;
  readonly input: Input;
  readonly output: Output;
  /** In seconds of the original. */
  readonly from: number;
  readonly to: number;
}

export interface ScaledCopyHooks {
  readonly onProgress: (ratio: number) => void;
  readonly pausing: PauseSwitch;
}

/** The encoder took no picture of this film; mediabunny finds another. */
export class NotScaledError extends Error {
  override readonly name = 'NotScaledError';
}

/** A copy whose picture is smaller; the rest of the film goes through a conversion. */
export class ScaledCopy {
  readonly conversion: Conversion;
  readonly #options: ScaledCopyOptions;
  readonly #source: EncodedVideoPacketSource;
  #encoder: VideoEncoder | undefined;
  #failure: unknown;
  #isCanceled = false;
  #hasBegun = false;
  #adding: Promise<void> = Promise.resolve();
  #wake: (() => void) | undefined;
  #lastKey = -1;
  /** Pictures that it has not given yet. */
  #inEncoder = 0;

  static async open(options: ScaledCopyOptions): Promise<ScaledCopy> {
    const { scaling, input, output, from, to } = options;
    const { video } = scaling;
    const source = new EncodedVideoPacketSource('avc');
    const [rotation, flip, name, disposition] = await Promise.all([
      video.getRotation(),
      video.getFlip(),
      video.getName(),
      video.getDisposition(),
    ]);
    // Rotation stays metadata: to rotate the frames would need a canvas for each film.
    output.addVideoTrack(source, { rotation, flip, name: name ?? undefined, disposition });
    output.setMetadataTags(await tagsOf(input, output));
    const conversion = await Conversion.init({
      input,
      output,
      composable: true,
      trim: { start: from, end: to },
      showWarnings: false,
      video: (track) => (track.id === video.id ? { discard: true } : {}),
      audio: soundOf(output.format),
      copy: { mode: 'preferred', boundaryPolicy: 'shrink' },
    });
    return new ScaledCopy(options, source, conversion);
  }

  private constructor(options: ScaledCopyOptions, source: EncodedVideoPacketSource, conversion: Conversion) {
    this.#options = options;
    this.#source = source;
    this.conversion = conversion;
  }

  /** Rejects where it is canceled. Answers how many pictures were encoded. */
  async execute(hooks: ScaledCopyHooks): Promise<number> {
    const { output } = this.#options;
    try {
      await output.start();
      const pictures = await this.#encodeAll(hooks);
      await this.conversion.execute();
      this.#check();
      await output.finalize();
      return pictures;
    } catch (error) {
      const isRefused = !this.#hasBegun && !this.#isCanceled && this.#encoder !== undefined;
      await this.cancel();
      throw isRefused ? new NotScaledError('no picture was encoded', { cause: error }) : error;
    } finally {
      if (this.#encoder?.state !== 'closed') this.#encoder?.close();
    }
  }

  async cancel(): Promise<void> {
    if (this.#isCanceled) return;
    this.#isCanceled = true;
    this.#wake?.();
    if (this.conversion.state !== 'done') await this.conversion.cancel();
    await cancelOutput(this.#options.output);
  }

  async #encodeAll({ onProgress, pausing }: ScaledCopyHooks): Promise<number> {
    const { from, to } = this.#options;
    let heardUntil = 0;
    let hearing = Promise.resolve();
    let pictures = 0;
    for await (const sample of this.#decodeAll()) {
      try {
        const begins = Math.max(from, sample.timestamp);
        const ends = Math.min(to, sample.timestamp + sample.duration);
        if (begins > ends) continue;
        sample.setTimestamp(begins - from);
        sample.setDuration(ends - begins);
        if (sample.timestamp >= heardUntil) {
          await hearing;
          heardUntil = sample.timestamp + aheadSeconds;
          hearing = this.conversion.execute({ until: heardUntil });
          // It is awaited a second of film later.
          hearing.catch(() => undefined);
        }
        await this.#encode(sample);
        pictures += 1;
        onProgress(Math.min(1, sample.timestamp / (to - from)));
      } finally {
        sample.close();
      }
      while (this.#waiting() >= mostWaiting && !this.#isOver()) await this.#dequeued();
      if (pausing.isPaused && this.#encoder?.state === 'configured') await this.#encoder.flush();
      await pausing.passed();
      await this.#adding;
      this.#check();
    }
    this.#check();
    await this.#encoder?.flush();
    await Promise.all([this.#adding, hearing]);
    this.#check();
    this.#source.close();
    return pictures;
  }

  /**
   * The pictures in order. Browsers take decoders back that are idle for long, as during a pause, and those of a GPU
   * that crashed: a new one continues from the last key frame.
   */
  async *#decodeAll(): AsyncGenerator<VideoSample, void> {
    const { scaling, from, to } = this.#options;
    let last = -Infinity;
    let failedAt: number | undefined;
    for (;;) {
      try {
        for await (const sample of new OpaqueSampleSink(scaling.video).samples(Math.max(from, last), to)) {
          if (sample.timestamp <= last) {
            sample.close();
            continue;
          }
          last = sample.timestamp;
          yield sample;
        }
        return;
      } catch (error) {
        // Without a picture since the failure before, it would fail again.
        if (failedAt === last || last === -Infinity || this.#isOver()) throw error;
        failedAt = last;
      }
    }
  }

  #createEncoder(): VideoEncoder {
    const { config } = this.#options.scaling;
    const encoder = new VideoEncoder({
      output: (chunk, meta) => {
        this.#inEncoder -= 1;
        this.#adding = this.#add(chunk, meta);
        this.#adding.catch((error: unknown) => {
          this.#fail(error);
        });
      },
      error: (error) => {
        // Browsers close encoders that are idle for long, as during a pause; the next frame creates a new one.
        if (!isQuotaExceeded(error) || this.#inEncoder > 0) this.#fail(error);
        this.#wake?.();
      },
    });
    encoder.addEventListener('dequeue', () => this.#wake?.());
    encoder.configure(config);
    this.#inEncoder = 0;
    this.#lastKey = -1;
    return encoder;
  }

  async #add(chunk: EncodedVideoChunk, meta: EncodedVideoChunkMetadata | undefined): Promise<void> {
    const { width, height } = this.#options.scaling.config;
    const found = meta?.decoderConfig;
    if (found && (found.codedWidth !== width || found.codedHeight !== height))
      throw new Error('the encoder gave pictures of another size');
    this.#hasBegun = true;
    await this.#source.add(EncodedPacket.fromEncodedChunk(chunk), meta);
  }

  async #encode(sample: VideoSample): Promise<void> {
    const frame = await this.#pictureOf(sample);
    try {
      if (!this.#encoder || this.#encoder.state === 'closed') this.#encoder = this.#createEncoder();
      const key = Math.floor(sample.timestamp / keyFrameSeconds);
      this.#inEncoder += 1;
      this.#encoder.encode(frame, { keyFrame: key !== this.#lastKey });
      this.#lastKey = key;
    } finally {
      frame.close();
    }
  }

  async #pictureOf(sample: VideoSample): Promise<VideoFrame> {
    const { isDrawn, config } = this.#options.scaling;
    if (!isDrawn) return sample.toVideoFrame();
    sample.setRotation(0);
    sample.setFlip(false);
    const { width, height } = config;
    const drawn = await sample.transform({ width, height, fit: 'fill', alpha: 'discard' });
    try {
      return drawn.toVideoFrame();
    } finally {
      drawn.close();
    }
  }

  #waiting(): number {
    return this.#encoder?.state === 'configured' ? this.#encoder.encodeQueueSize : 0;
  }

  #dequeued(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#wake?.();
  }

  #isOver(): boolean {
    return this.#isCanceled || this.#failure !== undefined;
  }

  #check(): void {
    if (this.#failure !== undefined) throw this.#failure as Error;
    if (this.#isCanceled) throw new Error('canceled');
  }
}

/** What the film says of itself; raw tags of another container would be noise. */
async function tagsOf(input: Input, output: Output) {
  const [tags, format] = await Promise.all([input.getMetadataTags(), input.getFormat()]);
  return format.mimeType === output.format.mimeType ? tags : { ...tags, raw: undefined };
}
