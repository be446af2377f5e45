import type { MediaDetails } from '../../protocol/index.js';
import type { CallContext } from '../provider.js';

/** What happened to a medium, in one word for all vendors. */
export type MediaEventKind =
  /** The bytes are in. */
  | 'uploaded'
  /** The cloud has pulled it from a link. */
  | 'imported'
  | 'upload-failed'
  /** Length, size and the like are known. */
  | 'analyzed'
  | 'transcoded'
  | 'transcode-failed'
  | 'deleted';

/** What a source makes of a message that is genuine. */
export interface VendorEvent {
  /** The same for every delivery of this event, and for no other. */
  readonly id: string;
  readonly kind: MediaEventKind;
  readonly mediaId: string;
  /** ISO 8601, where the vendor says when. */
  readonly at?: string | undefined;
  /** The vendor's own event. */
  readonly detail: unknown;
}

export type Reading =
  /** `isCovered`: the vendor's signature covers the content, so that it can be believed. */
  | { readonly outcome: 'events'; readonly events: readonly VendorEvent[]; readonly isCovered: boolean }
  /** Genuine, and of no interest: a test, a confirmation that was carried out, an event of another kind. */
  | { readonly outcome: 'done' }
  | { readonly outcome: 'refused'; readonly status: 400 | 401 | 403; readonly reason: string };

export interface Delivery {
  readonly headers: Headers;
  readonly query: URLSearchParams;
  /** As received. */
  readonly body: string;
}

/** What sources work with. */
export interface SourceTools {
  /** ms since 1970. */
  readonly now: () => number;
  readonly fetch: typeof globalThis.fetch;
  readonly signal: AbortSignal;
}

/**
 * One vendor's messages: verifies and reads them. Made by `alibabaEvents`, `tencentEvents`, `huaweiEvents` and
 * `s3Events`.
 */
export interface EventSource {
  /** The last segment of the address that the vendor is given. */
  readonly id: string;
  /** Of the provider whose media they are about. */
  readonly providerId: string;
  read(delivery: Delivery, tools: SourceTools): Promise<Reading>;
  /** What the vendor's API says of a medium now. Absent: only what signatures cover is believed. */
  readonly lookUp?: ((mediaId: string, context: CallContext) => Promise<MediaDetails>) | undefined;
}

export function refused(status: 400 | 401 | 403, reason: string): Reading {
  return { outcome: 'refused', status, reason };
}

export const done: Reading = { outcome: 'done' };
