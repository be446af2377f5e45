/** Of frames that are open, as many as it takes to decode one while another is looked at: in 4K each has 12 MB. */
const mostFrames = 2;
/**
 * Packets that wait here. A decoder with a thread for each frame, or with frames in another order, gives none before it
 * has as many packets, and mediabunny gives the next packet only when a frame comes.
 */
const mostPackets = 20;
/** Fewer than that where they are so large; a film without frames between its key frames needs few for the first. */
const mostPacketBytes = 16e6;
const fewestPackets = 8;
/** mediabunny's limit while no frame waits; while one does, its limit is 8. */
const mostOfMediabunny = 40;

/** Packets before a decoder, and the frames that came out of it. */
class PacketQueue {
  #packets: EncodedVideoChunk[] = [];
  #bytes = 0;
  #openFrames = 0;
  #drained: (() => void) | undefined;
  /** Gives a packet to the decoder; undefined while it has one that it has not begun with. */
  readonly #giver: () => ((packet: EncodedVideoChunk) => void) | undefined;

  constructor(giver: () => ((packet: EncodedVideoChunk) => void) | undefined) {
    this.#giver = giver;
  }

  get size(): number {
    return this.#packets.length;
  }

  get isFull(): boolean {
    return this.#bytes > mostPacketBytes && this.size >= fewestPackets;
  }

  add(packet: EncodedVideoChunk): void {
    this.#packets.push(packet);
    this.#bytes += packet.byteLength;
    this.feed();
  }

  feed(): void {
    while (this.#openFrames < mostFrames) {
      const give = this.#giver();
      const packet = give && this.#packets.shift();
      if (!packet) break;
      this.#bytes -= packet.byteLength;
      give(packet);
    }
    if (this.size === 0) this.#drained?.();
  }

  /** Counts the frame until it is closed. */
  count(frame: VideoFrame): void {
    this.#openFrames += 1;
    let isOpen = true;
    frame.close = () => {
      VideoFrame.prototype.close.call(frame);
      if (!isOpen) return;
      isOpen = false;
      this.#openFrames -= 1;
      this.feed();
    };
  }

  /** Resolves when every packet was given to the decoder, or none of them will be. */
  async drained(): Promise<void> {
    if (this.size > 0)
      await new Promise<void>((resolve) => {
        this.#drained = resolve;
      });
  }

  clear(): void {
    this.#packets = [];
    this.#bytes = 0;
    this.#drained?.();
  }
}

/**
 * Makes decoders of this worker take packets one by one, the next when a frame was closed. mediabunny gives forty packets
 * to a decoder whose frames were all taken, and whatever it gave comes out as frames.
 */
export function keepFewFrames(): void {
  if (typeof VideoDecoder === 'undefined') return;
  self.VideoDecoder = class extends VideoDecoder {
    readonly #queue: PacketQueue;

    constructor(init: VideoDecoderInit) {
      const fail = (error: DOMException) => {
        this.#queue.clear();
        init.error(error);
      };
      super({
        error: fail,
        output: (frame) => {
          this.#queue.count(frame);
          init.output(frame);
        },
      });
      const give = (packet: EncodedVideoChunk) => {
        try {
          super.decode(packet);
        } catch (error) {
          fail(error as DOMException);
        }
      };
      this.#queue = new PacketQueue(() =>
        this.state === 'configured' && super.decodeQueueSize === 0 ? give : undefined,
      );
      this.addEventListener('dequeue', () => {
        this.#queue.feed();
      });
    }

    override get decodeQueueSize(): number {
      const most = this.#queue.isFull ? 0 : mostPackets;
      return this.#queue.size + super.decodeQueueSize + mostOfMediabunny - most;
    }

    /** Threads for the slices of one frame instead of one for each frame, which hold a frame each. */
    override configure(config: VideoDecoderConfig): void {
      super.configure({ ...config, optimizeForLatency: true });
    }

    override decode(packet: EncodedVideoChunk): void {
      if (this.state === 'configured') this.#queue.add(packet);
      else super.decode(packet);
    }

    override async flush(): Promise<void> {
      await this.#queue.drained();
      return super.flush();
    }

    override reset(): void {
      this.#queue.clear();
      super.reset();
    }

    override close(): void {
      this.#queue.clear();
      super.close();
    }
  };
}
