import type { VideoCodec } from 'mediabunny';

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
