import {
  ALL_FORMATS,
  EncodedPacketSink,
  getFirstEncodableVideoCodec,
  Input,
  type InputVideoTrack,
} from 'mediabunny';
import { CopyError, type CopyContainer, type MediaSummary } from './copy-types.js';
import { isRawSound, packetsForRate, targetCodecs } from './encoding.js';
import { sourceOf } from './film-source.js';

/** A film with more of them is cut at every so many-th only by keyboard and pointer; none has so many in practice. */
const mostKeys = 20_000;

const containers: Record<string, CopyContainer> = {
  MP4: '.mp4',
  'QuickTime File Format': '.mov',
  WebM: '.webm',
  Matroska: '.mkv',
};

/** Reads headers and the table of key frames; decodes nothing. Rejects for what is no film with a picture. */
export async function inspect(source: Blob): Promise<MediaSummary> {
  const input = new Input({ source: sourceOf(source), formats: ALL_FORMATS });
  try {
    if (!(await input.canRead())) throw new CopyError('cannot-read');
    const [video, audio, format, ends, first] = await Promise.all([
      input.getPrimaryVideoTrack(),
      input.getPrimaryAudioTrack(),
      input.getFormat(),
      input.computeDuration(),
      input.getFirstTimestamp(),
    ]);
    const begins = Math.max(0, first);
    const duration = ends - begins;
    if (!video || !(duration > 0)) throw new CopyError('cannot-read');
    const [width, height, codec, audioCodec, rate, audioRate, canDecode, encodable, keySeconds] =
      await Promise.all([
        video.getDisplayWidth(),
        video.getDisplayHeight(),
        video.getCodec(),
        audio?.getCodec(),
        video.computePacketStats(packetsForRate),
        audio?.computePacketStats(packetsForRate),
        video.canDecode(),
        getFirstEncodableVideoCodec(targetCodecs),
        keysOf(video, begins),
      ]);
    return {
      durationSeconds: duration,
      beginsSeconds: begins,
      width,
      height,
      frameRate: rate.averagePacketRate,
      videoCodec: codec ?? '',
      bitsPerSecond: (source.size * 8) / duration,
      audioBitsPerSecond: audioRate?.averageBitrate ?? 0,
      hasAudio: audio !== null,
      isAudioRaw: isRawSound(audioCodec ?? null),
      keySeconds,
      container: containers[format.name],
      canDecode,
      canEncode: encodable !== null,
    };
  } finally {
    input.dispose();
  }
}

async function keysOf(video: InputVideoTrack, begins: number): Promise<readonly number[]> {
  const sink = new EncodedPacketSink(video);
  const keys: number[] = [];
  let packet = await sink.getFirstKeyPacket({ metadataOnly: true });
  while (packet && keys.length < mostKeys) {
    keys.push(packet.timestamp - begins);
    packet = await sink.getNextKeyPacket(packet, { metadataOnly: true });
  }
  return keys;
}
