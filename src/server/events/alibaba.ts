import type { Provider } from '../provider.js';
import { isoOf, isSame, listOf, md5Hex, parseObject, textOf, type Fields, type OneOrMore } from './fields.js';
import { done, refused, type EventSource, type MediaEventKind, type VendorEvent } from './source.js';

/** Settings for the messages of ApsaraVideo VOD. */
export interface AlibabaEventsOptions {
  readonly provider: Pick<Provider, 'id' | 'lookUp'>;
  /** Default: the provider's. */
  readonly id?: string;
  /**
   * The `CallbackURL`, character by character as it is set at the vendor: it is part of the signature. Several where
   * uploads name their own (`UserData.MessageCallback`).
   */
  readonly callbackUrl: OneOrMore<string>;
  /** The `AuthKey`; two while it is changed. */
  readonly authKey: OneOrMore<string>;
  /** How far the vendor's clock may be off. Default 5 minutes. */
  readonly windowMs?: number;
}

/** "Event types"; every other one is of no interest here. */
const kinds: Readonly<Record<string, MediaEventKind>> = {
  FileUploadComplete: 'uploaded',
  UploadByURLComplete: 'imported',
  VideoAnalysisComplete: 'analyzed',
  TranscodeComplete: 'transcoded',
  DeleteMediaComplete: 'deleted',
};

/**
 * Callbacks of ApsaraVideo VOD over HTTP ("HTTP callback authentication"). The signature does not cover the content, so
 * that it counts as a hint: the state is read by the API.
 */
export function alibabaEvents(options: AlibabaEventsOptions): EventSource {
  const { provider, windowMs = 5 * 60_000 } = options;
  const keys = listOf(options.authKey);
  const urls = listOf(options.callbackUrl);
  if (keys.length === 0 || urls.length === 0 || keys.includes('') || urls.includes(''))
    throw new TypeError('alibabaEvents needs the callback URL and the AuthKey.');
  const lookUp = provider.lookUp?.bind(provider);
  if (!lookUp) throw new TypeError('alibabaEvents needs a provider that can look media up.');
  return {
    id: options.id ?? provider.id,
    providerId: provider.id,
    lookUp,
    read({ headers, body }, { now }) {
      const timestamp = headers.get('x-vod-timestamp') ?? '';
      const signature = headers.get('x-vod-signature') ?? '';
      const isSigned = urls.some((url) =>
        keys.some((key) => isSame(md5Hex(`${url}|${timestamp}|${key}`), signature)),
      );
      if (!/^\d{10}$/.test(timestamp) || !isSigned)
        return Promise.resolve(refused(401, 'X-VOD-SIGNATURE is wrong'));
      if (Math.abs(Number(timestamp) * 1000 - now()) > windowMs)
        return Promise.resolve(refused(401, 'X-VOD-TIMESTAMP is out of the window'));
      const fields = parseObject(body);
      if (!fields) return Promise.resolve(refused(400, 'the body is not a JSON object'));
      const event = eventOf(trimmed(fields));
      return Promise.resolve(event ? { outcome: 'events', events: [event], isCovered: false } : done);
    },
  };
}

/** Some pages print keys with a blank at their end. */
function trimmed(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key.trim(), value]));
}

function eventOf(fields: Fields): VendorEvent | undefined {
  const { EventType, VideoId, MediaId, JobId, EventTime, Status, FileType } = fields;
  const type = textOf(EventType) ?? '';
  const kind = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
  const mediaId = textOf(VideoId) ?? textOf(MediaId);
  if (!kind || !mediaId) return undefined;
  // One that failed has made no medium; a pulled stream belongs to a video that is there.
  if (kind === 'imported' && (Status === 'fail' || FileType === 'Stream')) return undefined;
  return {
    id: JSON.stringify([type, mediaId, textOf(JobId) ?? '', textOf(EventTime) ?? '']),
    kind: kind === 'transcoded' && Status === 'fail' ? 'transcode-failed' : kind,
    mediaId,
    at: isoOf(EventTime),
    detail: fields,
  };
}
