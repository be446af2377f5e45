import { EncodedPacketSink, VideoSampleSink, type EncodedPacket, type InputVideoTrack } from 'mediabunny';

/** Changed in place: mediabunny finds the packet after this one by its identity. */
function withoutAlpha<T extends EncodedPacket | null>(packet: T): T {
  if (packet) {
    delete packet.sideData.alpha;
    delete packet.sideData.alphaByteLength;
  }
  return packet;
}

class OpaquePacketSink extends EncodedPacketSink {
  override async getKeyPacket(...options: Parameters<EncodedPacketSink['getKeyPacket']>) {
    return withoutAlpha(await super.getKeyPacket(...options));
  }

  override async getFirstKeyPacket(...options: Parameters<EncodedPacketSink['getFirstKeyPacket']>) {
    return withoutAlpha(await super.getFirstKeyPacket(...options));
  }

  override async *packets(...options: Parameters<EncodedPacketSink['packets']>) {
    for await (const packet of super.packets(...options)) yield withoutAlpha(packet);
  }
}

/** The pictures of a film without their alpha, which H.264 has not, and which mediabunny decodes in a second decoder. */
export class OpaqueSampleSink extends VideoSampleSink {
  readonly #video: InputVideoTrack;

  constructor(video: InputVideoTrack) {
    super(video);
    this.#video = video;
  }

  /** Called by mediabunny, in whose types it is missing. */
  protected _createPacketSink(): EncodedPacketSink {
    return new OpaquePacketSink(this.#video);
  }
}
