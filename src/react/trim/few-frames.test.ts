import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keepFewFrames } from './few-frames.js';

class FakeFrame {
  codedWidth = 640;

  get isClosed(): boolean {
    return this.codedWidth === 0;
  }

  close(): void {
    this.codedWidth = 0;
  }

  /** `close` is not called: the frame is another worker's. */
  transfer(): void {
    this.codedWidth = 0;
  }
}

/** What the tests use of a decoder: it takes one packet at a time. */
class FakeDecoder extends EventTarget {
  state = 'unconfigured';
  config: VideoDecoderConfig | undefined;
  /** Those that it was given and has not taken yet. */
  queue: EncodedVideoChunk[] = [];
  taken: EncodedVideoChunk[] = [];
  isFlushed = false;
  refuses: DOMException | undefined;
  readonly init: VideoDecoderInit;

  constructor(init: VideoDecoderInit) {
    super();
    this.init = init;
  }

  get decodeQueueSize(): number {
    return this.queue.length;
  }

  configure(config: VideoDecoderConfig): void {
    this.config = config;
    this.state = 'configured';
  }

  decode(chunk: EncodedVideoChunk): void {
    if (this.state !== 'configured') throw new DOMException('not configured', 'InvalidStateError');
    if (this.refuses) throw this.refuses;
    this.queue.push(chunk);
  }

  flush(): Promise<void> {
    this.isFlushed = true;
    return Promise.resolve();
  }

  reset(): void {
    this.queue = [];
    this.state = 'unconfigured';
  }

  close(): void {
    this.state = 'closed';
  }
}

function open() {
  const scope = { VideoDecoder: FakeDecoder };
  vi.stubGlobal('VideoDecoder', FakeDecoder);
  vi.stubGlobal('VideoFrame', FakeFrame);
  vi.stubGlobal('self', scope);
  keepFewFrames();
  const frames: FakeFrame[] = [];
  const error = vi.fn();
  const output = vi.fn((frame: unknown) => {
    frames.push(frame as FakeFrame);
  });
  const decoder = new scope.VideoDecoder({ output, error });
  decoder.configure({ codec: 'avc1.640028' });
  return {
    decoder,
    frames,
    output,
    error,
    another: () => new scope.VideoDecoder({ output, error }),
    /** How many packets mediabunny gives, whose limit is 40. */
    room: () => 40 - decoder.decodeQueueSize,
    give: (count: number, byteLength = 1000) => {
      for (let at = 0; at < count; at += 1) decoder.decode({ byteLength } as EncodedVideoChunk);
    },
    /** The decoder begins with the packets that it has. */
    take: () => {
      decoder.taken.push(...decoder.queue.splice(0));
      decoder.dispatchEvent(new Event('dequeue'));
    },
    show: () => {
      decoder.init.output(new FakeFrame() as unknown as VideoFrame);
    },
  };
}

/** Gives twelve packets. The decoder takes three of them and outputs two frames, which stay open. */
function held() {
  const opened = open();
  opened.give(12);
  opened.take();
  opened.show();
  opened.take();
  opened.show();
  opened.take();
  expect(opened.decoder.queue).toHaveLength(0);
  return opened;
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('a decoder with few frames', () => {
  it('takes twenty packets, because it may need as many for its first frame', () => {
    const { decoder, room, give, take } = open();
    expect(room()).toBe(20);
    give(20);
    expect(room()).toBe(0);
    for (let at = 0; at < 20; at += 1) take();
    expect(decoder.taken).toHaveLength(20);
    expect(room()).toBe(20);
  });

  it('gets the next packet when the one before was taken, and none while two frames are open', () => {
    const { decoder, frames, give, take, show } = open();
    give(10);
    expect(decoder.queue).toHaveLength(1);
    take();
    show();
    take();
    show();
    take();
    expect(decoder.queue).toHaveLength(0);
    expect(decoder.taken).toHaveLength(3);
    const [first] = frames;
    first?.close();
    first?.close();
    expect(first?.isClosed).toBe(true);
    expect(decoder.queue).toHaveLength(1);
    take();
    show();
    take();
    expect(decoder.queue).toHaveLength(0);
  });

  it('takes fewer packets where they are large', () => {
    const { room, give } = open();
    give(8, 4e6);
    expect(room()).toBeGreaterThan(0);
    give(1, 4e6);
    expect(room()).toBeLessThan(0);
  });

  it('is flushed when all packets were given to it', async () => {
    const { decoder, give, take } = open();
    give(3);
    const flushed = decoder.flush();
    take();
    expect(decoder.isFlushed).toBe(false);
    take();
    await flushed;
    expect(decoder.isFlushed).toBe(true);
  });

  it.each(['reset', 'close'] as const)('forgets the packets that wait after %s', async (operation) => {
    const { decoder, give, take } = open();
    give(3);
    const flushed = decoder.flush();
    decoder[operation]();
    await flushed;
    take();
    expect(decoder.queue).toHaveLength(0);
  });

  it('gets packets when a frame was transferred as soon as it came out', () => {
    const { decoder, output, give, take, show } = open();
    output.mockImplementation((frame) => {
      (frame as FakeFrame).transfer();
    });
    give(10);
    for (let at = 0; at < 9; at += 1) {
      take();
      show();
    }
    expect(decoder.taken).toHaveLength(9);
    expect(decoder.queue).toHaveLength(1);
  });

  it('gets packets when its frames were transferred at the output of another decoder', () => {
    const { decoder, frames, another } = held();
    for (const frame of frames) frame.transfer();
    another().init.output(new FakeFrame() as unknown as VideoFrame);
    expect(decoder.queue).toHaveLength(1);
  });

  it('gets packets when its frames were transferred later', () => {
    const { decoder, frames } = held();
    for (const frame of frames) frame.transfer();
    vi.advanceTimersByTime(500);
    expect(decoder.queue).toHaveLength(1);
  });

  it('counts an open frame whose format has no name', () => {
    const { decoder, frames, give } = held();
    for (const frame of frames) Object.assign(frame, { format: null });
    give(1);
    expect(decoder.queue).toHaveLength(0);
  });

  it('gets one packet more each time that no frame was closed for long, and waits longer each time', () => {
    const { decoder, take, show } = held();
    vi.advanceTimersByTime(499);
    expect(decoder.queue).toHaveLength(0);
    vi.advanceTimersByTime(1);
    expect(decoder.queue).toHaveLength(1);
    show();
    take();
    vi.advanceTimersByTime(999);
    expect(decoder.queue).toHaveLength(0);
    vi.advanceTimersByTime(1);
    expect(decoder.queue).toHaveLength(1);
  });

  it('needs no more waiting for as many frames as were held before', () => {
    const { decoder, frames, take, show } = held();
    vi.advanceTimersByTime(500);
    show();
    take();
    expect(decoder.queue).toHaveLength(0);
    frames[0]?.close();
    expect(decoder.queue).toHaveLength(1);
  });

  it('is flushed though no frame is closed before that', async () => {
    const { decoder } = held();
    const flushed = decoder.flush();
    vi.advanceTimersByTime(500);
    await flushed;
    expect(decoder.isFlushed).toBe(true);
    expect(decoder.taken.length + decoder.queue.length).toBe(12);
  });

  it('is flushed though the decoder takes no packet before that', async () => {
    const { decoder, give } = open();
    give(3);
    const flushed = decoder.flush();
    vi.advanceTimersByTime(500);
    await flushed;
    expect(decoder.queue).toHaveLength(3);
  });

  it('ends each of two flushes', async () => {
    const { decoder, give, take } = open();
    give(3);
    const flushed = Promise.all([decoder.flush(), decoder.flush()]);
    take();
    take();
    await expect(flushed).resolves.toHaveLength(2);
  });

  it('waits for nothing once it is closed', () => {
    const { decoder } = held();
    decoder.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('tells a packet that is refused later as an error of the decoder', () => {
    const { decoder, error, give, take } = open();
    give(2);
    decoder.refuses = new DOMException('no key frame', 'DataError');
    take();
    expect(error).toHaveBeenCalledWith(decoder.refuses);
  });

  it('uses no thread for each frame', () => {
    expect(open().decoder.config).toMatchObject({ optimizeForLatency: true });
  });

  it('refuses packets while it is not configured, as any other', () => {
    const { decoder, give } = open();
    decoder.reset();
    expect(() => {
      give(1);
    }).toThrow('not configured');
  });
});
