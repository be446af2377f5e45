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

/**
 * Without movement for so long the limit gives way by one: mediabunny may hold frames until a later one comes. Each time
 * waits twice as long, as a pause or a slow encoder looks the same.
 */
const firstStallMs = 500;
const longestStallMs = 8000;

/** Those of decoders that are not closed. */
const queues = new Set<PacketQueue>();

/** Packets before a decoder, and the frames that came out of it. */
class PacketQueue {
  #packets: EncodedVideoChunk[] = [];
  #bytes = 0;
  #frames: VideoFrame[] = [];
  #mostFrames = mostFrames;
  #stallMs = firstStallMs;
  #stall: ReturnType<typeof setTimeout> | undefined;
  #drained: (() => void)[] = [];
  /** Gives a packet to the decoder; undefined while it must not have one. */
  readonly #giver: (isUrgent: boolean) => ((packet: EncodedVideoChunk) => void) | undefined;

  constructor(giver: (isUrgent: boolean) => ((packet: EncodedVideoChunk) => void) | undefined) {
    this.#giver = giver;
    queues.add(this);
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

  /** Whether a frame was closed since the last time or a packet was given. */
  feed(): boolean {
    const counted = this.#frames.length;
    this.#frames = this.#frames.filter(isOpen);
    let hasMoved = this.#frames.length < counted;
    while (this.#frames.length < this.#mostFrames && this.#give(false)) hasMoved = true;
    this.#settle(hasMoved);
    return hasMoved;
  }

  /** Counts the frame until it is closed, or transferred to a worker, which is noticed at the next look. */
  count(frame: VideoFrame): void {
    this.#frames.push(frame);
    frame.close = () => {
      VideoFrame.prototype.close.call(frame);
      this.feed();
    };
  }

  /** Resolves when every packet was given to the decoder, or none of them will be. */
  async drained(): Promise<void> {
    if (this.size > 0)
      await new Promise<void>((resolve) => {
        this.#drained.push(resolve);
      });
  }

  clear(): void {
    this.#packets = [];
    this.#bytes = 0;
    this.#settle(true);
  }

  close(): void {
    this.clear();
    queues.delete(this);
  }

  #give(isUrgent: boolean): boolean {
    const give = this.#giver(isUrgent);
    const packet = give && this.#packets.shift();
    if (!packet) return false;
    this.#bytes -= packet.byteLength;
    give(packet);
    return true;
  }

  #settle(hasMoved: boolean): void {
    if (hasMoved) {
      clearTimeout(this.#stall);
      this.#stall = undefined;
    }
    if (this.size > 0) {
      this.#stall ??= setTimeout(() => {
        this.#giveWay();
      }, this.#stallMs);
    } else for (const resolve of this.#drained.splice(0)) resolve();
  }

  #giveWay(): void {
    this.#stall = undefined;
    if (this.feed()) return;
    if (this.#drained.length > 0) {
      // The frames that are held may be let go only by the flush, and few packets are left.
      while (this.#give(true));
    } else {
      if (this.#frames.length >= this.#mostFrames) this.#mostFrames = this.#frames.length + 1;
      this.#stallMs = Math.min(this.#stallMs * 2, longestStallMs);
      this.#give(true);
    }
    this.#settle(true);
  }
}

/** False of closed and of transferred frames. `format` does not tell: it is null of open frames in unnamed formats, too. */
function isOpen(frame: VideoFrame): boolean {
  return frame.codedWidth > 0;
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
        this.#queue.close();
        init.error(error);
      };
      super({
        error: fail,
        output: (frame) => {
          this.#queue.count(frame);
          init.output(frame);
          // A frame with its alpha takes one of another decoder along.
          for (const queue of queues) queue.feed();
        },
      });
      const give = (packet: EncodedVideoChunk) => {
        try {
          super.decode(packet);
        } catch (error) {
          fail(error as DOMException);
        }
      };
      this.#queue = new PacketQueue((isUrgent) =>
        this.state === 'configured' && (isUrgent || super.decodeQueueSize === 0) ? give : undefined,
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
      this.#queue.close();
      super.close();
    }
  };
}
