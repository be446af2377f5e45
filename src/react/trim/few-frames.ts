/** Packets that wait for the decoder at most. */
const mostPackets = 6;
/**
 * Before the first frame there are more: a decoder with a thread for each frame, or with frames in another order, gives
 * none before it has as many packets, and mediabunny gives the next packet only when a frame comes.
 */
const mostFirstPackets = 20;
/** mediabunny's limit while no frame waits; while one does, its limit is 8. */
const mostOfMediabunny = 40;

/**
 * Makes decoders of this worker say that more packets wait than do. mediabunny gives forty packets to a decoder whose
 * frames were all taken, and whatever it gave comes out as frames: of a film in 4K, each has 12 MB.
 */
export function keepFewFrames(): void {
  if (typeof VideoDecoder === 'undefined') return;
  self.VideoDecoder = class extends VideoDecoder {
    #hasFrames = false;

    constructor(init: VideoDecoderInit) {
      super({
        ...init,
        output: (frame) => {
          this.#hasFrames = true;
          init.output(frame);
        },
      });
    }

    override get decodeQueueSize(): number {
      const most = this.#hasFrames ? mostPackets : mostFirstPackets;
      return super.decodeQueueSize + mostOfMediabunny - most;
    }

    /** What comes after it begins anew. */
    override flush(): Promise<void> {
      return super.flush().finally(() => {
        this.#hasFrames = false;
      });
    }

    override reset(): void {
      this.#hasFrames = false;
      super.reset();
    }
  };
}
