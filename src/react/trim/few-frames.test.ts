import { afterEach, describe, expect, it, vi } from 'vitest';
import { keepFewFrames } from './few-frames.js';

/** What the tests use of a decoder. */
class FakeDecoder {
  decodeQueue = 0;
  readonly init: VideoDecoderInit;

  constructor(init: VideoDecoderInit) {
    this.init = init;
  }

  get decodeQueueSize(): number {
    return this.decodeQueue;
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  reset(): void {
    this.decodeQueue = 0;
  }
}

function open() {
  const scope = { VideoDecoder: FakeDecoder };
  vi.stubGlobal('VideoDecoder', FakeDecoder);
  vi.stubGlobal('self', scope);
  keepFewFrames();
  const output = vi.fn();
  const decoder = new scope.VideoDecoder({ output, error: () => {} });
  /** How many packets mediabunny gives, whose limit is 40. */
  const room = () => 40 - decoder.decodeQueueSize;
  return { decoder, output, room, give: (frame: unknown) => decoder.init.output(frame as VideoFrame) };
}

afterEach(() => vi.unstubAllGlobals());

describe('a decoder with few frames', () => {
  it('gets twenty packets before its first frame, since it may need as many for it, and six afterwards', () => {
    const { decoder, room, give, output } = open();
    expect(room()).toBe(20);
    decoder.decodeQueue = 20;
    expect(room()).toBe(0);
    decoder.decodeQueue = 0;
    give('frame');
    expect(output).toHaveBeenCalledWith('frame');
    expect(room()).toBe(6);
  });

  it.each(['flush', 'reset'] as const)('begins anew after %s', async (operation) => {
    const { decoder, room, give } = open();
    give('frame');
    await decoder[operation]();
    expect(room()).toBe(20);
  });
});
