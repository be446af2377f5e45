/** Of packets that wait for the decoder while no frame waits; some decoders want a few at once. */
const mostPackets = 6;
/** So many packets mediabunny gives a decoder at most while none of its frames waits, and with one that does. */
const mostOfMediabunny = 40;

/**
 * Makes decoders of this worker say that more packets wait than do. mediabunny gives forty packets to a decoder whose
 * frames were all taken, and whatever it gave comes out as frames: of a film in 4K, each has 12 MB.
 */
export function keepFewFrames(): void {
  if (typeof VideoDecoder === 'undefined') return;
  self.VideoDecoder = class extends VideoDecoder {
    override get decodeQueueSize(): number {
      return super.decodeQueueSize + mostOfMediabunny - mostPackets;
    }
  };
}
