import type { Provider } from '../provider.js';
import {
  asObject,
  isSame,
  listOf,
  md5Hex,
  parseObject,
  textOf,
  type Fields,
  type OneOrMore,
} from './fields.js';
import { done, refused, type Delivery, type EventSource, type VendorEvent } from './source.js';

/** Settings for the messages of Tencent Cloud VOD. */
export interface TencentEventsOptions {
  readonly provider: Pick<Provider, 'id' | 'lookUp'>;
  /** Default: the provider's. */
  readonly id?: string;
  /** The `SignKey` of "ModifyEventConfig"; two while it is changed. */
  readonly signKey: OneOrMore<string>;
  /** Where `Sign` and `T` stand, which no page shows. Default `body`: beside `EventType`. */
  readonly signatureIn?: 'body' | 'query';
  /** How far the vendor's clock may be off. Default 30 s. */
  readonly skewMs?: number;
  /** How far ahead the expiry `T` may lie; the vendor's default is 10 minutes. Default 1 hour. */
  readonly maxAheadMs?: number;
}

/**
 * Notifications of Tencent Cloud VOD in mode PUSH ("Event notifications"). The signature covers only its own expiry, so
 * that the content counts as a hint: the state is read by the API.
 */
export function tencentEvents(options: TencentEventsOptions): EventSource {
  const { provider, signatureIn = 'body', skewMs = 30_000, maxAheadMs = 3_600_000 } = options;
  const keys = listOf(options.signKey);
  if (keys.length === 0 || keys.includes('')) throw new TypeError('tencentEvents needs the SignKey.');
  const lookUp = provider.lookUp?.bind(provider);
  if (!lookUp) throw new TypeError('tencentEvents needs a provider that can look media up.');
  return {
    id: options.id ?? provider.id,
    providerId: provider.id,
    lookUp,
    read(delivery, { now }) {
      const fields = parseObject(delivery.body);
      if (!fields) return Promise.resolve(refused(400, 'the body is not a JSON object'));
      const { sign, expiry } = signatureOf(delivery, fields, signatureIn);
      const isSigned = keys.some((key) => isSame(md5Hex(`${key}${expiry}`), sign.toLowerCase()));
      if (!/^\d{1,12}$/.test(expiry) || !isSigned) return Promise.resolve(refused(401, 'Sign is wrong'));
      const aheadMs = Number(expiry) * 1000 - now();
      if (aheadMs < -skewMs || aheadMs > maxAheadMs)
        return Promise.resolve(refused(401, 'T has passed or is too far ahead'));
      const events = eventsOf(fields);
      return Promise.resolve(events.length > 0 ? { outcome: 'events', events, isCovered: false } : done);
    },
  };
}

function signatureOf(
  { query }: Delivery,
  fields: Fields,
  place: 'body' | 'query',
): { sign: string; expiry: string } {
  return place === 'body'
    ? { sign: textOf(fields['Sign']) ?? '', expiry: textOf(fields['T']) ?? '' }
    : { sign: query.get('Sign') ?? '', expiry: query.get('T') ?? '' };
}

function eventsOf(fields: Fields): VendorEvent[] {
  const { EventType, FileUploadEvent, PullCompleteEvent, ProcedureStateChangeEvent, FileDeleteEvent } =
    fields;
  if (EventType === 'NewFileUpload') return uploaded(asObject(FileUploadEvent), fields);
  if (EventType === 'PullComplete') return pulled(asObject(PullCompleteEvent), fields);
  if (EventType === 'ProcedureStateChanged') return processed(asObject(ProcedureStateChangeEvent), fields);
  if (EventType === 'FileDeleted') return deleted(asObject(FileDeleteEvent), fields);
  return [];
}

function uploaded(event: Fields | undefined, detail: Fields): VendorEvent[] {
  const mediaId = textOf(event?.['FileId']);
  return mediaId
    ? [{ id: JSON.stringify(['NewFileUpload', mediaId]), kind: 'uploaded', mediaId, detail }]
    : [];
}

/** `FINISH` says nothing about success: the code does. A pull that failed has made no medium. */
function pulled(event: Fields | undefined, detail: Fields): VendorEvent[] {
  const mediaId = textOf(event?.['FileId']);
  if (!event || !mediaId || Number(event['ErrCode']) !== 0) return [];
  const id = JSON.stringify(['PullComplete', textOf(event['TaskId']) ?? mediaId, 'FINISH']);
  return [{ id, kind: 'imported', mediaId, detail }];
}

/** `FINISH` says nothing about success: each task of the set has its own status. */
function processed(event: Fields | undefined, detail: Fields): VendorEvent[] {
  const mediaId = textOf(event?.['FileId']);
  if (!event || !mediaId || event['Status'] !== 'FINISH') return [];
  const id = JSON.stringify(['ProcedureStateChanged', textOf(event['TaskId']) ?? mediaId, 'FINISH']);
  const results = Array.isArray(event['MediaProcessResultSet']) ? event['MediaProcessResultSet'] : [];
  const statuses = results
    .map(asObject)
    .flatMap((one) => Object.values(one ?? {}).map((task) => asObject(task)?.['Status']));
  return [{ id, kind: statuses.includes('FAIL') ? 'transcode-failed' : 'transcoded', mediaId, detail }];
}

/** The event tells of the deletion of parts of a file too. */
function deleted(event: Fields | undefined, detail: Fields): VendorEvent[] {
  const results = Array.isArray(event?.['FileDeleteResultInfo']) ? event['FileDeleteResultInfo'] : [];
  const partly = new Set(
    results
      .map(asObject)
      .filter((one) => Array.isArray(one?.['DeleteParts']) && one['DeleteParts'].length > 0)
      .map((one) => textOf(one?.['FileId'])),
  );
  const ids = Array.isArray(event?.['FileIdSet']) ? event['FileIdSet'].map(textOf) : [];
  return ids.flatMap((mediaId): VendorEvent[] =>
    mediaId === undefined || partly.has(mediaId)
      ? []
      : [{ id: JSON.stringify(['FileDeleted', mediaId]), kind: 'deleted', mediaId, detail }],
  );
}
