import RateLimiterMemory from 'rate-limiter-flexible/lib/RateLimiterMemory.js';
import { retryableProblems, type Capabilities, type StartItem } from '../protocol/index.js';
import type { Caller } from './authorize.js';
import { Bounded } from './bounded.js';
import { shown } from './check-options.js';
import { EndpointError } from './errors.js';
import { fileExtensionOf } from './kit/file-type.js';
import { fileTypeRefused } from './kit/session.js';
import type { ProviderCapabilities } from './provider.js';

/** What one caller may upload. What is absent is not limited. */
export interface CallerLimits {
  /**
   * Uploads started within a minute. Beyond it: `rate-limited`; the page waits and repeats. Questions about earlier
   * imports that find nothing are counted for themselves, up to the same number.
   */
  readonly startsPerMinute?: number;
  /**
   * Uploads started and neither confirmed nor discarded. Beyond it: `rate-limited`. One whose page was closed counts
   * until its ticket expires, or up to a seventh of that lifetime less.
   */
  readonly openUploads?: number;
  /**
   * Bytes of the files started within 24 hours. Beyond it: `quota-exceeded`, with the time until they no longer count.
   * The page rejects a single file of more bytes before anything is sent.
   */
  readonly bytesPerDay?: number;
  /** Larger files are `file-refused`; the page rejects them before anything is sent. */
  readonly maxFileSizeBytes?: number;
  /** Lower-case extensions without the dot. Other files are `file-refused`. */
  readonly extensions?: readonly string[];
}

/** What a limit is asked about. */
export interface LimitsCall<Context = unknown> {
  readonly provider: string;
  readonly request: Request;
  /** What the host passed on with the request. */
  readonly context: Context;
}

/** The limits of this caller, by plan, role or provider. */
export type Limits<Context = unknown> = (
  caller: Caller,
  call: LimitsCall<Context>,
) => CallerLimits | undefined | Promise<CallerLimits | undefined>;

interface Count {
  readonly consumedPoints: number;
  readonly msBeforeNext: number;
}

/** One counter of `rate-limiter-flexible`: any of its limiters has these methods. */
export interface Counter {
  penalty(key: string, points?: number): Promise<Count>;
  reward(key: string, points?: number): Promise<Count>;
  get(key: string): Promise<Count | null>;
}

/** Options of a counter of calls. */
export interface CounterOptions {
  readonly keyPrefix: string;
  readonly points: number;
  /** In seconds. */
  readonly duration: number;
}

/**
 * Makes a counter. For several instances, one that they share.
 *
 * @example
 * import { RateLimiterRedis } from 'rate-limiter-flexible';
 * createTokenEndpoint({ …, counters: (options) => new RateLimiterRedis({ ...options, storeClient: redis }) });
 */
export type CreateCounter = (options: CounterOptions) => Counter;

/** Covers and subtitles that one upload may ask for in its life: each is a medium of its own at some clouds. */
const attachmentsPerUpload = 100;
/** Changes of title, description and tags in the life of one upload: each is a call to the cloud. */
const updatesPerUpload = 200;
/** Of one caller, about earlier imports that were not begun: each takes a place in the store. */
const questionsPerMinute = 300;
const openRetryMs = 15_000;
/** Open uploads are counted by the seventh of a ticket's lifetime in which they began; each count ends by itself. */
const openSlices = 7;
const daySeconds = 24 * 60 * 60;

export interface UploadLimitsOptions {
  readonly limits: Limits | CallerLimits | undefined;
  readonly createCounter: CreateCounter | undefined;
  readonly ticketLifetimeMs: number;
  /** Called with the error of a counter that fails. The upload it would have counted is allowed. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Takes back what a failed start has counted. `cause`: why it failed. A start that the cloud has refused stays counted
 * in the starts of the minute, because it has cost calls and its repeats would have no limit.
 */
export type Refund = (cause?: unknown) => Promise<void>;

/** Counts what callers do, and refuses what is beyond their limits. */
export class UploadLimits {
  readonly #options: UploadLimitsOptions;
  readonly #starts: Counter;
  readonly #bytes: Counter;
  readonly #open: Counter;
  readonly #attachments: Counter;
  readonly #updates: Counter;
  readonly #questions: Counter;
  readonly #calls: Bounded;

  constructor(options: UploadLimitsOptions) {
    this.#options = options;
    if (options.limits && typeof options.limits !== 'function') checkedLimits(options.limits);
    this.#calls = new Bounded('counters', options.onFailure);
    const create = options.createCounter ?? ((one: CounterOptions): Counter => new RateLimiterMemory(one));
    const lifetimeSeconds = Math.ceil(options.ticketLifetimeMs / 1000);
    const counter = (name: string, duration: number) =>
      create({ keyPrefix: `vodrop:${name}`, points: Number.MAX_SAFE_INTEGER, duration });
    this.#starts = counter('starts', 60);
    this.#bytes = counter('bytes', daySeconds);
    this.#open = counter('open', lifetimeSeconds);
    this.#attachments = counter('attachments', lifetimeSeconds);
    this.#updates = counter('updates', lifetimeSeconds);
    this.#questions = counter('questions', 60);
  }

  async of(caller: Caller, call: LimitsCall): Promise<CallerLimits> {
    const { limits } = this.#options;
    const given = typeof limits === 'function' ? await limits(caller, call) : limits;
    return checkedLimits(given ?? {});
  }

  /** Throws `file-refused`, `rate-limited` or `quota-exceeded`; otherwise the upload is counted. */
  async admit(
    { callerId, startedAt }: { readonly callerId: string; readonly startedAt: number },
    upload: CheckedFile,
    limits: CallerLimits,
  ): Promise<Refund> {
    checkFile(upload, limits);
    const refunds: Refund[] = [];
    const refund: Refund = async (cause) => void (await Promise.all(refunds.map((give) => give(cause))));
    try {
      await this.#admitRate(callerId, limits, refunds);
      await this.#admitOpen({ callerId, startedAt }, limits, refunds);
      await this.#admitBytes(callerId, upload.sizeBytes, { limits, refunds });
      return refund;
    } catch (error) {
      await refund();
      throw error;
    }
  }

  /** One upload fewer is open. */
  async ended(callerId: string, startedAt: number | undefined): Promise<void> {
    if (this.#options.limits && startedAt !== undefined)
      await this.#give(this.#open, this.#openKey(callerId, startedAt), 1);
  }

  /** Counts the bytes of an import at its end, when its size is known; they limit later starts. */
  async countImported(callerId: string, sizeBytes: number, { bytesPerDay }: CallerLimits): Promise<void> {
    if (bytesPerDay !== undefined && sizeBytes > 0) await this.#take(this.#bytes, callerId, sizeBytes);
  }

  /** Throws `quota-exceeded` for more attachments than an upload has in its life, however its tickets are used. */
  async countAttachments(sessionId: string, count: number): Promise<void> {
    const counted = await this.#take(this.#attachments, sessionId, count);
    if (counted && counted.consumedPoints > attachmentsPerUpload)
      throw new EndpointError('quota-exceeded', {
        detail: `This upload has asked for more than ${attachmentsPerUpload} attachments.`,
      });
  }

  /** Throws `quota-exceeded` for more changes than an upload has in its life. */
  async countUpdate(sessionId: string): Promise<void> {
    const counted = await this.#take(this.#updates, sessionId, 1);
    if (counted && counted.consumedPoints > updatesPerUpload)
      throw new EndpointError('quota-exceeded', {
        detail: `The details of this upload were changed more than ${updatesPerUpload} times.`,
      });
  }

  /** Throws `rate-limited` for more questions about earlier imports that were not begun than uploads may start. */
  async countQuestion(callerId: string, { startsPerMinute = Infinity }: CallerLimits): Promise<void> {
    const counted = await this.#take(this.#questions, callerId, 1);
    const most = Math.min(startsPerMinute, questionsPerMinute);
    if (counted && counted.consumedPoints > most)
      throw new EndpointError('rate-limited', {
        detail: `At most ${most} earlier imports are asked about a minute.`,
        retryAfterMs: Math.max(1000, counted.msBeforeNext),
      });
  }

  /** What the page has to know, so that it rejects what would be refused. */
  async describe(callerId: string, limits: CallerLimits): Promise<Partial<Capabilities>> {
    const { startsPerMinute, openUploads, bytesPerDay, maxFileSizeBytes, extensions } = limits;
    const used = bytesPerDay === undefined ? undefined : await this.#safely(() => this.#bytes.get(callerId));
    const bytesLeft =
      bytesPerDay === undefined ? undefined : Math.max(0, bytesPerDay - (used?.consumedPoints ?? 0));
    const isLimited = [startsPerMinute, openUploads, bytesPerDay].some((limit) => limit !== undefined);
    return {
      maxFileSizeBytes,
      extensions: extensions && [...extensions],
      limits: isLimited ? { startsPerMinute, openUploads, bytesPerDay, bytesLeft } : undefined,
    };
  }

  async #admitRate(callerId: string, { startsPerMinute }: CallerLimits, refunds: Refund[]): Promise<void> {
    if (startsPerMinute === undefined) return;
    const count = await this.#take(this.#starts, callerId, 1);
    if (!count) return;
    refunds.push(async (cause) => {
      if (!hasCost(cause)) await this.#give(this.#starts, callerId, 1);
    });
    if (count.consumedPoints > startsPerMinute)
      throw new EndpointError('rate-limited', {
        detail: `At most ${startsPerMinute} uploads are started a minute.`,
        retryAfterMs: Math.max(1000, count.msBeforeNext),
      });
  }

  async #admitOpen(
    { callerId, startedAt }: { readonly callerId: string; readonly startedAt: number },
    { openUploads }: CallerLimits,
    refunds: Refund[],
  ): Promise<void> {
    if (openUploads === undefined) return;
    const key = this.#openKey(callerId, startedAt);
    const count = await this.#take(this.#open, key, 1);
    if (!count) return;
    refunds.push(() => this.#give(this.#open, key, 1));
    const earlier = await Promise.all(
      Array.from({ length: openSlices }, (_, i) => this.#openBefore(callerId, startedAt, i + 1)),
    );
    const open = earlier.reduce((sum, one) => sum + one, count.consumedPoints);
    if (open > openUploads)
      throw new EndpointError('rate-limited', {
        detail: `At most ${openUploads} uploads are open at once.`,
        retryAfterMs: openRetryMs,
      });
  }

  async #admitBytes(
    callerId: string,
    sizeBytes: number,
    { limits: { bytesPerDay }, refunds }: { limits: CallerLimits; refunds: Refund[] },
  ): Promise<void> {
    if (bytesPerDay === undefined) return;
    const count = await this.#take(this.#bytes, callerId, sizeBytes);
    if (!count) return;
    refunds.push(() => this.#give(this.#bytes, callerId, sizeBytes));
    if (count.consumedPoints > bytesPerDay)
      throw new EndpointError('quota-exceeded', {
        detail: `At most ${bytesPerDay} bytes are uploaded in 24 hours.`,
        retryAfterMs: Math.max(1000, count.msBeforeNext),
      });
  }

  /**
   * A counter ends a ticket lifetime after its first count. One for all open uploads would forget the latest with the
   * earliest; one for each slice forgets them within a slice of the end of their tickets.
   */
  #openKey(callerId: string, startedAt: number): string {
    return `${Math.floor((startedAt * openSlices) / this.#options.ticketLifetimeMs)}:${callerId}`;
  }

  async #openBefore(callerId: string, startedAt: number, slices: number): Promise<number> {
    const at = startedAt - (slices * this.#options.ticketLifetimeMs) / openSlices;
    const count = await this.#safely(() => this.#open.get(this.#openKey(callerId, at)));
    return Math.max(0, count?.consumedPoints ?? 0);
  }

  #take(counter: Counter, key: string, points: number): Promise<Count | undefined> {
    return this.#safely(() => counter.penalty(key, points));
  }

  async #give(counter: Counter, key: string, points: number): Promise<void> {
    const count = await this.#safely(() => counter.reward(key, points));
    // The count had ended meanwhile: what is given back must not be a credit.
    if (count && count.consumedPoints < 0) await this.#take(counter, key, -count.consumedPoints);
  }

  /** `undefined` when the counter fails, hangs or returns no number. */
  async #safely(work: () => Promise<Count | null>): Promise<Count | undefined> {
    const count = await this.#calls.run(work);
    return count && Number.isFinite(count.consumedPoints) ? count : undefined;
  }
}

type CheckedFile = Pick<StartItem, 'fileName' | 'contentType' | 'sizeBytes'>;

/** Whether the cloud has refused. Failures that the page repeats do not count here: the circuit breaker limits them. */
function hasCost(cause: unknown): boolean {
  if (cause === undefined) return false;
  if (!(cause instanceof EndpointError)) return true;
  const isAnswer = cause.vendor !== undefined || cause.code === 'vendor-refused';
  return isAnswer && !retryableProblems.has(cause.code);
}

function checkFile(upload: CheckedFile, { maxFileSizeBytes, extensions }: CallerLimits): void {
  if (maxFileSizeBytes !== undefined && upload.sizeBytes > maxFileSizeBytes)
    throw new EndpointError('file-refused', {
      detail: `Files of more than ${maxFileSizeBytes} bytes are not taken from this caller.`,
    });
  if (extensions && fileExtensionOf(upload, extensions) === undefined)
    throw fileTypeRefused(upload, extensions);
}

/** What a provider takes, within what the caller may upload. */
export function limitCapabilities(
  capabilities: ProviderCapabilities,
  { maxFileSizeBytes, extensions, limits }: Partial<Capabilities>,
): ProviderCapabilities {
  const size = Math.min(capabilities.maxFileSizeBytes ?? Infinity, maxFileSizeBytes ?? Infinity);
  return {
    ...capabilities,
    maxFileSizeBytes: size === Infinity ? undefined : size,
    extensions:
      extensions && capabilities.extensions
        ? capabilities.extensions.filter((one) => extensions.includes(one))
        : (extensions ?? capabilities.extensions),
    limits,
  };
}

const limitNames = ['startsPerMinute', 'openUploads', 'bytesPerDay', 'maxFileSizeBytes'] as const;

/**
 * The limits as pages are told them. `Infinity` is no limit. Throws `TypeError` for values that would silently limit
 * nothing or everything: no number, `NaN`, or an extension that no file can have.
 */
function checkedLimits(limits: CallerLimits): CallerLimits {
  for (const name of limitNames) {
    const value: unknown = limits[name];
    if (value !== undefined && !(typeof value === 'number' && value >= 0))
      throw new TypeError(
        `limits.${name}: ${shown(value)} is not a number of at least 0; leave it out for no limit.`,
      );
  }
  const wrong: unknown = limits.extensions?.find(
    (one: unknown) => typeof one !== 'string' || !/^[a-z0-9]+$/.test(one),
  );
  if (wrong !== undefined)
    throw new TypeError(
      `limits.extensions: ${JSON.stringify(wrong)} is written in lower case without the dot, as in "mp4".`,
    );
  const told: CallerLimits = Object.fromEntries(
    limitNames.flatMap((name) => (limits[name] === Infinity ? [] : [[name, limits[name]]])),
  );
  return { ...told, extensions: limits.extensions };
}
