import type { EngineContext } from '../context.js';
import { isAbort, linkedController } from '../retry/abort.js';
import type { Clock } from '../retry/clock.js';
import {
  NoReplyError,
  type Put,
  type PutOptions,
  type PutRequest,
  type StoreReply,
} from '../transport/transport.js';
import { fewConnections as few, type ConnectionPool } from './pool.js';
import { RateTrial } from './rate-trial.js';
import { judge } from './verdict.js';

/** What browsers open to one origin. */
const usual = 6;
/** Without a byte for this long the second name counts as silent; a part that waits for it loses no more. */
const silenceMs = 4000;
/** A trial that has no result by then has none: connections were idle, or the line stood still. */
const trialMs = 45_000;
/** Parts that were begun before are awaited for so many times as long. */
const mostWaits = 4;
/** While parts are awaited, connections are idle: with fewer parts to send than this it takes more than it brings. */
const worthWaiting = 4 * usual;
/** Lines change, and others come to use them. */
const trialEveryMs = 5 * 60_000;
/** Six connections that carry so many times what three did do not fill the line: each has its own bound. */
const leastGain = 1.4;
/** The same of two measurements, which say more than one. */
const leastGainOfTwo = 1.3;
/** Twelve that carry less than this many times what six did are given up. */
const leastUse = 1.15;
/** A connection that carries so many times what it did has lost its bound: six are tried again. */
const changed = 2;
/** Weight of the newest rate in that with which six are compared: a line stands still for a moment now and then. */
const smoothing = 0.1;
/** A line that carries more than this, in bytes per ms, needs no more connections. */
const quickLine = 20_000;

/** What decides for each pool of connections. */
const ofPools = new WeakMap<ConnectionPool, SecondName>();
/** Second names that do not answer, or refuse; for as long as the page lives. */
const uselessNames = new Set<string>();

type Measured = 'few' | 'usual' | 'probing' | 'more' | 'open' | 'again';
type Phase = Measured | 'idle' | 'closed';

export type PutToEither = (...args: Parameters<Put>) => Promise<StoreReply | 'again'>;

interface Options {
  readonly pool: ConnectionPool;
  readonly clock: Clock;
  /** Sends to the name that the request has. */
  readonly put: Put;
}

/** For an upload of so many parts to a store with this second name, until the signal is aborted. */
export function useSecondName(
  origin: string,
  partCount: number,
  { pool, ports }: Pick<EngineContext, 'pool' | 'ports'>,
  signal: AbortSignal,
): SecondName | undefined {
  if (signal.aborted) return undefined;
  const { clock, workers } = ports;
  const name = ofPools.get(pool) ?? new SecondName({ pool, clock, put: (...args) => workers.put(...args) });
  ofPools.set(pool, name);
  name.begin(origin, partCount);
  signal.addEventListener('abort', () => name.end(), { once: true });
  return name;
}

/**
 * Sends parts to both names of a store, so that browsers open twelve connections instead of six; only where loss or
 * latency bounds each connection. Whether they do is measured with at most six: three connections, then six. If six
 * carry about twice as much, nothing but the connections themselves bounds the rate. If they carry about the same, the
 * line is full, or all of them are streams of one connection (HTTP/2, HTTP/3), and the second name is not used. One
 * part is sent to it first; the others follow when its bytes move. What fails at the second name goes to the first
 * at once, so that nothing depends on it.
 */
export class SecondName {
  readonly #options: Options;
  readonly #pool: ConnectionPool;
  readonly #clock: Clock;
  #trial: RateTrial | undefined;
  #phase: Phase = 'idle';
  /** What the pool's bound was set to; another value is the person's choice. */
  #bound = usual;
  /** What the phase compares with, what twelve carry by now, and what is measured once more; in bytes per ms. */
  #rate = 0;
  #latest = 0;
  #doubtful: number | undefined;
  #uploads = 0;
  /** How many parts are on their way to the second name. */
  #inUse = 0;
  /** The second name has taken bytes since the trial began. */
  #hasMoved = false;
  #isUseless = false;
  #begunAt = -Infinity;
  #movedBytes = 0;

  constructor(options: Options) {
    this.#options = options;
    this.#pool = options.pool;
    this.#clock = options.clock;
  }

  /** An upload of so many parts to the store with this second name begins. */
  begin(origin: string, partCount: number): void {
    this.#uploads += 1;
    this.#isUseless = uselessNames.has(origin);
    const isOfUse = this.#phase === 'open' && this.#uploads > 1;
    if (this.#isUseless) this.#close();
    else if (this.#isTrialDue && !isOfUse) {
      if (this.#pool.busy <= few || partCount >= worthWaiting) this.#try();
      else this.#rest();
    } else if (this.#phase === 'open') this.#setBound(2 * usual);
  }

  /** It ends. Others, maybe to one name, have the usual connections. */
  end(): void {
    this.#uploads -= 1;
    if (this.#uploads > 0) return;
    if (this.#phase !== 'open' && this.#phase !== 'closed') return this.#rest();
    this.#setBound(usual);
    this.#trial = undefined;
  }

  /** Until an upload begins that is worth a trial. */
  #rest(): void {
    this.#setBound(usual);
    this.#trial = undefined;
    this.#phase = 'idle';
    this.#begunAt = -Infinity;
  }

  /** `again`: the second name has failed; the part goes to the first when that has a connection free. */
  readonly put: PutToEither = async ({ secondUrl, ...request }, body, options) => {
    let movedBytes = 0;
    const counted = {
      ...options,
      onProgress: (sentBytes: number) => {
        this.#count(Math.max(0, sentBytes - movedBytes));
        movedBytes = sentBytes;
        options.onProgress(sentBytes);
      },
    };
    if (secondUrl !== undefined && this.#isForSecond(secondUrl)) {
      return this.#putToSecond({ ...request, url: secondUrl }, body, counted);
    }
    return this.#options.put(request, body, counted);
  };

  #isForSecond(url: string): boolean {
    const second = this.#inUse;
    // This attempt has its connection already. Parts of uploads that know one name only are among them.
    const first = this.#pool.busy - 1 - second;
    if (this.#bound <= usual || !this.#isOurs || uselessNames.has(new URL(url).origin)) return false;
    if (this.#phase === 'probing') return second === 0;
    return second < usual && (second <= first || first >= usual);
  }

  async #putToSecond(request: PutRequest, body: Blob, options: PutOptions): ReturnType<PutToEither> {
    const { controller, unlink } = linkedController(options.signal);
    const moved = new AbortController();
    // A browser answers a preflight before it sends: when bytes move, the store takes requests of this page.
    const isProven = this.#hasMoved;
    if (!isProven)
      this.#clock.sleep(silenceMs, moved.signal).then(
        () => controller.abort(),
        () => {
          // It moved, or has ended.
        },
      );
    this.#inUse += 1;
    try {
      const reply = await this.#options.put(request, body, {
        signal: controller.signal,
        onProgress: (sentBytes) => {
          if (sentBytes > 0) {
            moved.abort();
            this.#moves();
          }
          options.onProgress(sentBytes);
        },
      });
      const verdict = judge(reply, '', false);
      // Something else may answer 200 to everything. What a store says about its load is obeyed.
      if (verdict === 'stored' ? reply.eTag !== undefined : verdict === 'later' && isProven) return reply;
    } catch (error) {
      if (options.signal.aborted || !(error instanceof NoReplyError || isAbort(error))) throw error;
    } finally {
      moved.abort();
      unlink();
      this.#inUse -= 1;
    }
    // Of a name that has worked, it may be the line: it is tried again later.
    if (!isProven) {
      uselessNames.add(new URL(request.url).origin);
      this.#isUseless = true;
    }
    this.#close();
    return 'again';
  }

  /** So many bytes more are on their way, to either name. */
  #count(bytes: number): void {
    if (this.#phase === 'idle') return;
    if (!this.#isOurs) return this.#leave();
    const now = this.#clock.elapsed();
    if (this.#isTrialDue && !this.#isUseless) return this.#phase === 'open' ? this.#tryAgain() : this.#try();
    this.#movedBytes += bytes;
    if (this.#phase === 'few' && this.#movedBytes > quickLine * 1000 && now - this.#begunAt < 1000)
      return this.#close();
    const isFull = this.#pool.busy === this.#pool.size;
    const rate = this.#trial?.moved(bytes, now, isFull);
    if (rate !== undefined) this.#judge(rate);
  }

  #judge(rate: number): void {
    const measured = this.#doubtful === undefined ? rate : (this.#doubtful + rate) / 2;
    const gain = measured / this.#rate;
    // After trouble there are fewer than the trial is about.
    const isWhole = this.#pool.size === this.#pool.max;
    if (this.#phase === 'few') {
      if (isWhole && rate <= quickLine) this.#enter('usual', rate, usual);
      else this.#close();
    } else if (this.#phase === 'usual') {
      if (isWhole && gain >= (this.#doubtful === undefined ? leastGain : leastGainOfTwo))
        this.#enter('probing', measured, usual + 1);
      else if (isWhole && gain >= leastUse && this.#doubtful === undefined) this.#doubtful = rate;
      else this.#close();
    } else if (this.#phase === 'more') {
      if (gain < leastUse) this.#close();
      else this.#enter('open', rate, 2 * usual);
    } else if (this.#phase === 'again') {
      if (gain * leastUse > 1) this.#close();
      else this.#enter('open', this.#rate, 2 * usual);
    } else if (this.#phase === 'open') {
      this.#latest += (rate - this.#latest) * smoothing;
      if (gain > changed) this.#close();
    }
  }

  get #isTrialDue(): boolean {
    return this.#clock.elapsed() - this.#begunAt >= trialEveryMs;
  }

  get #isOurs(): boolean {
    return this.#pool.max === this.#bound;
  }

  #try(): void {
    this.#hasMoved = false;
    this.#movedBytes = 0;
    this.#enter('few', 0, few);
    void this.#boundTrial();
  }

  /** Twelve have been of use for long: six are compared with them. */
  #tryAgain(): void {
    this.#enter('again', this.#latest, usual);
    void this.#boundTrial();
  }

  async #boundTrial(): Promise<void> {
    const begunAt = this.#clock.elapsed();
    this.#begunAt = begunAt;
    let isAwaiting = true;
    for (let waits = 0; isAwaiting && waits < mostWaits; waits++) {
      isAwaiting = this.#pool.busy > this.#bound;
      await this.#clock.sleep(trialMs);
      if (this.#begunAt !== begunAt || !['few', 'usual', 'again'].includes(this.#phase)) return;
    }
    this.#close();
  }

  #enter(phase: Measured, rate: number, bound: number): void {
    this.#phase = phase;
    this.#rate = this.#latest = rate;
    this.#doubtful = undefined;
    this.#trial = new RateTrial();
    this.#setBound(bound);
  }

  #moves(): void {
    this.#hasMoved = true;
    if (this.#phase === 'probing' && this.#isOurs) this.#enter('more', this.#rate, 2 * usual);
  }

  #close(): void {
    this.#setBound(usual);
    this.#leave();
  }

  #leave(): void {
    this.#phase = 'closed';
    this.#bound = usual;
    this.#trial = undefined;
  }

  /** The person's choice stands. */
  #setBound(bound: number): void {
    if (this.#isOurs && this.#bound !== bound) this.#pool.resize(bound);
    this.#bound = bound;
  }
}
