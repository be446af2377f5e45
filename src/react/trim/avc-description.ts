const sps = 0x67;

/**
 * An `avcC` box as it should be. Firefox on Linux writes the first byte of each parameter set twice; what decodes by the
 * sets in the key frames plays all the same, other players and hardware do not.
 */
export function repairedDescription(box: Uint8Array): Uint8Array {
  // Version, profile, compatibility, level, two bytes with counts, length, then the first set: its profile is that of byte 1.
  if (box[8] !== sps || box[9] !== sps || box[10] !== box[1]) return box;
  const out = [...box.subarray(0, 5)];
  let at = 5;
  for (const mask of [0x1f, 0xff]) {
    const count = box[at] ?? 0;
    out.push(count);
    at += 1;
    for (let index = 0; index < (count & mask); index += 1) {
      const length = ((box[at] ?? 0) << 8) | (box[at + 1] ?? 0);
      const set = box.subarray(at + 2, at + 2 + length);
      const good = set[0] === set[1] ? set.subarray(1) : set;
      out.push(good.length >> 8, good.length & 0xff, ...good);
      at += 2 + length;
    }
  }
  return Uint8Array.from([...out, ...box.subarray(at)]);
}

/** Makes encoders of this worker describe H.264 as it should be. */
export function repairDescriptions(): void {
  if (typeof VideoEncoder === 'undefined') return;
  self.VideoEncoder = class extends VideoEncoder {
    constructor(init: VideoEncoderInit) {
      super({
        ...init,
        output: (chunk, meta) => {
          init.output(chunk, repaired(meta));
        },
      });
    }
  };
}

function repaired(meta: EncodedVideoChunkMetadata | undefined): EncodedVideoChunkMetadata | undefined {
  const config = meta?.decoderConfig;
  if (!config?.description || !config.codec.startsWith('avc1')) return meta;
  const { description } = config;
  const box = ArrayBuffer.isView(description)
    ? new Uint8Array(description.buffer, description.byteOffset, description.byteLength)
    : new Uint8Array(description);
  return { ...meta, decoderConfig: { ...config, description: repairedDescription(box) } };
}
