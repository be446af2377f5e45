import { ALL_FORMATS, BlobSource, Input } from 'mediabunny';
import type { MediaProbe } from './types.js';

/** Reads the headers of every container that the library knows. A lazy chunk: the library has 90 kB. */
export async function readHeaders(file: Blob): Promise<MediaProbe | undefined> {
  const input = new Input({ source: new BlobSource(file), formats: ALL_FORMATS });
  try {
    if (!(await input.canRead())) return undefined;
    const [video, audio, duration] = await Promise.all([
      input.getPrimaryVideoTrack(),
      input.getPrimaryAudioTrack(),
      input.getDurationFromMetadata(),
    ]);
    const [width, height, rotation, videoCodec, audioCodec, parameters, isHdr] = await Promise.all([
      video?.getDisplayWidth(),
      video?.getDisplayHeight(),
      video?.getRotation(),
      video?.getCodec(),
      audio?.getCodec(),
      // Of some codecs these are in the first picture, which may be damaged.
      video?.getCodecParameterString().catch(() => undefined),
      video?.hasHighDynamicRange().catch(() => undefined),
    ]);
    const durationSeconds = duration ?? (await input.computeDuration());
    return {
      durationSeconds: durationSeconds > 0 && Number.isFinite(durationSeconds) ? durationSeconds : undefined,
      width: width || undefined,
      height: height || undefined,
      rotation: rotation || undefined,
      videoCodec: videoCodec ?? undefined,
      audioCodec: audioCodec ?? undefined,
      hasAudio: audio !== null,
      bitDepth: bitDepthOf(parameters ?? ''),
      isHdr: isHdr || undefined,
    };
  } finally {
    input.dispose();
  }
}

/** From the parameters of a codec as in RFC 6381: `av01.0.04M.10`, `vp09.02.10.10`, `hev1.2.4.L93.B0`, `avc1.6e001f`. */
export function bitDepthOf(parameters: string): number | undefined {
  const [codec = '', ...rest] = parameters.split('.');
  if (codec === 'av01' || codec === 'vp09') return Number(rest[2]) || undefined;
  // Main and Main Still Picture have 8 bits, Main 10 has 10; the extensions may have either.
  if (codec === 'hvc1' || codec === 'hev1') return { 1: 8, 2: 10, 3: 8 }[rest[0] ?? ''];
  return /^avc[13]$/.test(codec) && rest[0]?.toLowerCase().startsWith('6e') ? 10 : undefined;
}
