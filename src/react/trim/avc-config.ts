/** Macroblocks of a picture and of a second, bits of a second in High profile: H.264, table A-1. */
const levels = [
  { name: '1e', picture: 1620, second: 40_500, bits: 12.5e6 },
  { name: '1f', picture: 3600, second: 108_000, bits: 17.5e6 },
  { name: '28', picture: 8192, second: 245_760, bits: 25e6 },
  { name: '2a', picture: 8704, second: 522_240, bits: 62.5e6 },
  { name: '33', picture: 36_864, second: 983_040, bits: 300e6 },
  { name: '34', picture: 36_864, second: 2_073_600, bits: 300e6 },
] as const;

export interface AvcWish {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSecond: number;
  /** Pictures a second, about; not positive where it is not known. */
  readonly frameRate: number;
}

/** H.264 in High profile, of the lowest level that holds it, in the form that MP4 stores; undefined where no level does. */
export function avcConfig({
  width,
  height,
  bitsPerSecond,
  frameRate,
}: AvcWish): VideoEncoderConfig | undefined {
  const picture = Math.ceil(width / 16) * Math.ceil(height / 16);
  const rate = frameRate > 0 ? frameRate : 30;
  const level = levels.find(
    ({ picture: most, second, bits }) => picture <= most && picture * rate <= second && bitsPerSecond <= bits,
  );
  return (
    level && {
      codec: `avc1.6400${level.name}`,
      width,
      height,
      bitrate: bitsPerSecond,
      bitrateMode: 'variable',
      framerate: rate,
      latencyMode: 'quality',
      avc: { format: 'avc' },
    }
  );
}
