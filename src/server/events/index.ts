import type { MediaDetails } from '../../protocol/index.js';
import { readText } from '../body.js';
import { boundedStore } from '../bounded.js';
import { callHook } from '../call-hook.js';
import { checkPositive, checkTimes } from '../check-options.js';
import { EndpointError } from '../errors.js';
import { callHost } from '../host-hooks.js';
import { hasProblem } from '../kit/refusal.js';
import { createLimit } from '../limit.js';
import { MediaSessions } from '../media-sessions.js';
import { memoryStore, type EndpointStore } from '../memory.js';
import { Deliveries } from './deliveries.js';
import type { EventSource, MediaEventKind, Reading, SourceTools, VendorEvent } from './source.js';

export { alibabaEvents, type AlibabaEventsOptions } from './alibaba.js';
export { huaweiEvents, type HuaweiEventsOptions } from './huawei.js';
export { s3Events, type S3EventsOptions } from './s3.js';
export { tencentEvents, type TencentEventsOptions } from './tencent.js';
export type { EventSource, MediaEventKind } from './source.js';

/** Something that happened to a medium, as its vendor tells it. */
export interface MediaEvent {
  /** The same for every delivery of this event. */
  readonly id: string;
  /** Id of the provider. */
  readonly provider: string;
  readonly mediaId: string;
  /** Id of the upload session, where the endpoint shares the `store` and still knows it. */
  readonly session?: string | undefined;
  readonly kind: MediaEventKind;
  /** ISO 8601: when it happened, as far as the vendor says, else when it was received. */
  readonly at: string;
  /** What the vendor's API says now. Absent where only the message is known, and of what is deleted. */
  readonly details?: MediaDetails | undefined;
  /** The vendor's own event, only where its signature covers the content. */
  readonly detail?: unknown;
}

/** A message that was not accepted, for logs. Says nothing of its content. */
export interface RefusedMessage {
  readonly source?: string | undefined;
  readonly status: number;
  readonly reason: string;
}

/** Settings of `createVendorEvents`: the vendors whose messages are received, and what is done with them. */
export interface VendorEventsOptions {
  readonly sources: readonly EventSource[];
  /**
   * Called once for each event, and awaited. The vendor is told of success only afterwards; where it throws, the vendor
   * may send the event again. With several instances, or a store that forgets, a second call is possible but rare: make
   * it idempotent.
   */
  readonly onMediaEvent: (event: MediaEvent) => void | Promise<void>;
  /** Remembers what was delivered. Share the endpoint's, to learn the sessions too. Default: in memory. */
  readonly store?: EndpointStore;
  readonly onRefused?: (message: RefusedMessage) => void;
  /** Log hook: what `onMediaEvent` threw, clouds that do not answer. */
  readonly onError?: (error: unknown, context: { readonly source: string }) => void;
  /** Largest message. Default 256 KiB. */
  readonly maxBodyBytes?: number;
  /** A message that has not begun to arrive by then is given up, in ms; each kilobyte gains a second. Default 5,000. */
  readonly bodyTimeoutMs?: number;
  /** How long reading the state may take, in ms. Default 4,000: Alibaba and Huawei give up after 5 s. */
  readonly lookUpTimeoutMs?: number;
  /** How long `onMediaEvent` may take, in ms; then the message is answered as failed. Default 10,000. */
  readonly hookTimeoutMs?: number;
  /** For certificates and confirmations of subscriptions. */
  readonly fetch?: typeof globalThis.fetch;
  /** The clock, in ms since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/**
 * Web-standard handler of the messages that vendors send about media, in place of polling. Each source has its own
 * address: the last segment of the path is its id. Never rejects.
 *
 * Throws `TypeError` for two sources of the same id.
 *
 * @example
 * const events = createVendorEvents({
 *   sources: [alibabaEvents({ provider, callbackUrl: 'https://app.example.com/vod/alibaba-vod', authKey })],
 *   onMediaEvent: async ({ mediaId, kind, details }) => db.media.update(mediaId, { kind, details }),
 *   store,
 * });
 * // POST https://app.example.com/vod/alibaba-vod
 */
export function createVendorEvents(options: VendorEventsOptions): (request: Request) => Promise<Response> {
  const receiver = new Receiver(options);
  return (request) => receiver.answer(request);
}

class Receiver {
  readonly #options: VendorEventsOptions;
  readonly #sources: ReadonlyMap<string, EventSource>;
  readonly #deliveries: Deliveries;
  readonly #sessions: MediaSessions;
  readonly #now: () => number;

  constructor(options: VendorEventsOptions) {
    const { sources, now = Date.now } = options;
    const store = options.store
      ? boundedStore(options.store, (error) => this.#report(error, 'store'))
      : memoryStore({ now });
    checkPositive({ ...options }, ['maxBodyBytes']);
    checkTimes({ ...options }, ['bodyTimeoutMs', 'lookUpTimeoutMs', 'hookTimeoutMs']);
    this.#options = options;
    this.#sources = new Map(sources.map((source) => [source.id, source]));
    if (sources.length === 0 || this.#sources.size < sources.length)
      throw new TypeError('createVendorEvents needs sources, each with an id of its own.');
    this.#deliveries = new Deliveries(store);
    this.#sessions = new MediaSessions(store);
    this.#now = now;
  }

  async answer(request: Request): Promise<Response> {
    // Runtimes that make the address of the Host header pass a bad one on.
    if (!URL.canParse(request.url)) return this.#refuse(undefined, 400, 'the address cannot be read');
    const url = new URL(request.url);
    const id = url.pathname.replace(/\/+$/, '').split('/').at(-1) ?? '';
    const source = this.#sources.get(id);
    if (!source) return this.#refuse(undefined, 404, 'no source has this address');
    // Some releases of MinIO look whether the address answers.
    if (request.method === 'HEAD') return empty(200);
    if (request.method !== 'POST') return this.#refuse(id, 405, 'messages come by POST');
    try {
      return await this.#receive(source, request, url);
    } catch (error) {
      if (error instanceof EndpointError && error.code === 'payload-too-large')
        return this.#refuse(id, 413, 'the message is too large');
      if (error instanceof EndpointError && error.code === 'rate-limited')
        return this.#refuse(id, 408, 'the message did not arrive in time');
      this.#report(error, id);
      return empty(error instanceof EndpointError ? 503 : 500);
    }
  }

  async #receive(source: EventSource, request: Request, url: URL): Promise<Response> {
    const { maxBodyBytes = 256 * 1024, bodyTimeoutMs = 5000 } = this.#options;
    const body = await readText(request, { maxBytes: maxBodyBytes, patienceMs: bodyTimeoutMs });
    const tools = this.#tools(request.signal);
    const reading = await source.read({ headers: request.headers, query: url.searchParams, body }, tools);
    if (reading.outcome === 'refused') return this.#refuse(source.id, reading.status, reading.reason);
    if (reading.outcome === 'events') await this.#deliver(source, reading, tools);
    // Alibaba takes no other status for success.
    return empty(200);
  }

  async #deliver(
    source: EventSource,
    { events, isCovered }: Extract<Reading, { outcome: 'events' }>,
    tools: SourceTools,
  ): Promise<void> {
    const results = await Promise.allSettled(
      events.map((event) =>
        this.#deliveries.once(source.id, event.id, async () => {
          const details = await this.#stateOf(source, event, { isCovered, signal: tools.signal });
          const mediaEvent = await this.#eventOf(source, event, { details, isCovered });
          const { onMediaEvent, hookTimeoutMs } = this.#options;
          await callHost('onMediaEvent', () => onMediaEvent(mediaEvent), hookTimeoutMs);
        }),
      ),
    );
    // All are tried before the first failure is answered: the next delivery skips those that went through.
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  /** Throws where the state does not say what the message does: it may be forged, or the vendor's answer is late. */
  async #stateOf(
    { lookUp }: EventSource,
    { mediaId, kind }: VendorEvent,
    { isCovered, signal }: { isCovered: boolean; signal: AbortSignal },
  ): Promise<MediaDetails | undefined> {
    if (!lookUp || (isCovered && kind === 'deleted')) return undefined;
    const timeout = AbortSignal.timeout(this.#options.lookUpTimeoutMs ?? 4000);
    const context = { signal: AbortSignal.any([signal, timeout]), limit: createLimit(4) };
    const found = await lookUp(mediaId, context).catch((error: unknown) => {
      if (isCovered || hasProblem(error, 'media-not-found')) return undefined;
      throw error;
    });
    if (!isCovered && !confirms(kind, found))
      throw new EndpointError('vendor-unavailable', {
        detail: `The API does not say (yet) what the message does: ${kind}.`,
      });
    return found;
  }

  async #eventOf(
    source: EventSource,
    { id, kind, mediaId, at, detail }: VendorEvent,
    { details, isCovered }: { details: MediaDetails | undefined; isCovered: boolean },
  ): Promise<MediaEvent> {
    return {
      id,
      provider: source.providerId,
      mediaId,
      session: await this.#sessions.find(source.providerId, mediaId),
      kind,
      at: at ?? new Date(this.#now()).toISOString(),
      details,
      detail: isCovered ? detail : undefined,
    };
  }

  #tools(signal: AbortSignal): SourceTools {
    const { fetch = (...args: Parameters<typeof globalThis.fetch>) => globalThis.fetch(...args) } =
      this.#options;
    return { now: this.#now, fetch, signal };
  }

  #refuse(source: string | undefined, status: number, reason: string): Response {
    callHook(() => this.#options.onRefused?.({ source, status, reason }));
    return empty(status);
  }

  #report(error: unknown, source: string): void {
    callHook(() => this.#options.onError?.(error, { source }));
  }
}

/** Whether the state that was read agrees with what a message says whose content nothing proves. */
function confirms(kind: MediaEventKind, found: MediaDetails | undefined): boolean {
  if (kind === 'deleted') return found === undefined;
  if (kind === 'transcoded') return found?.status === 'ready';
  if (kind === 'transcode-failed' || kind === 'upload-failed') return found?.status === 'failed';
  return found !== undefined && found.status !== 'uploading';
}

function empty(status: number): Response {
  return new Response(null, { status, headers: { 'Cache-Control': 'no-store' } });
}
