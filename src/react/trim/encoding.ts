import {
  getFirstEncodableAudioCodec,
  Quality,
  type AudioCodec,
  type ConversionAudioOptions,
  type InputAudioTrack,
  type OutputFormat,
  type VideoCodec,
} from 'mediabunny';
import { soundBitsPerSecond } from './raw-sound.js';

/** Players seek to key frames, and parts of a stream begin with one. */
export const keyFrameSeconds = 2;
/** So many packets tell the frame rate. */
export const packetsForRate = 90;

/** The nearest even number: encoders take no others for width and height. */
export function even(value: number): number {
  return Math.round(value / 2) * 2;
}

/** What the clouds decode best, first; the sound of any film fits beside them into MP4. */
export const targetCodecs: VideoCodec[] = ['avc', 'vp9', 'av1', 'vp8'];

/** Sound that is not compressed, as cameras write it. Most browsers do not play it in MP4, and it is large. */
export const isRawSound = (codec: AudioCodec | null): boolean => /^(pcm-|ulaw|alaw)/.test(codec ?? '');

/** What players decode most widely, first. */
const soundCodecs: AudioCodec[] = ['aac', 'opus'];

/** Sound is copied as it is; raw sound is compressed where the browser can, to what the container holds. */
export function soundOf(format: OutputFormat): (track: InputAudioTrack) => Promise<ConversionAudioOptions> {
  const held = format.getSupportedAudioCodecs();
  const fitting = soundCodecs.filter((codec) => held.includes(codec));
  return async (track) => (isRawSound(await track.getCodec()) ? compressed(track, fitting) : {});
}

async function compressed(track: InputAudioTrack, codecs: AudioCodec[]): Promise<ConversionAudioOptions> {
  const quality = new Quality({ bitrate: soundBitsPerSecond });
  const [numberOfChannels, sampleRate] = await Promise.all([
    track.getNumberOfChannels(),
    track.getSampleRate(),
  ]);
  const codec = await getFirstEncodableAudioCodec(codecs, { numberOfChannels, sampleRate, quality });
  return codec ? { codec, quality, forceTranscode: true } : {};
}
