import type { Provider } from '../provider.js';
import { hmacSha256 } from '../hash.js';
import { toHex } from '../encoding.js';
import {
  asObject,
  digestOf,
  isoOf,
  isSame,
  listOf,
  parseObject,
  textOf,
  type Fields,
  type OneOrMore,
} from './fields.js';
import { allowedAddress, confirmSubscription, MessageVerifier, type AddressRule } from './signed-message.js';
import {
  done,
  refused,
  type Delivery,
  type EventSource,
  type MediaEventKind,
  type Reading,
  type SourceTools,
  type VendorEvent,
} from './source.js';

/** Settings for the messages of Huawei Cloud, which SMN delivers. */
export interface HuaweiEventsOptions {
  /** With it, events carry the details that the API answers. They are believed without it. */
  readonly provider?: Pick<Provider, 'id' | 'lookUp'> | undefined;
  /** Default: the provider's, or `huawei-vod`. */
  readonly id?: string;
  /** Key of the service's own callbacks (MFS); two while it is changed. Absent: they are refused. */
  readonly callbackKey?: OneOrMore<string>;
  /** Messages by SMN. Absent: they are refused. */
  readonly smn?: {
    /** URNs of the topics that are taken; subscriptions to others are not confirmed. */
    readonly topics: readonly string[];
    /** Hosts of certificates and of addresses for confirming, which no page lists. Default those of the console. */
    readonly hosts?: readonly string[];
  };
  /** How far the clock of MFS may be off. Default 5 minutes. */
  readonly windowMs?: number;
  /** How old a message of SMN may be, which is sent again after failures. Default 1 day, at most 7. */
  readonly maxAgeMs?: number;
}

const defaultHosts = ['console.huaweicloud.com', 'console-intl.huaweicloud.com'];
const day = 24 * 60 * 60_000;

/** "Event notifications" of VOD: the object that each type carries, and its meaning by `status`. */
const types: Readonly<
  Record<
    string,
    { readonly object: string; readonly kind: MediaEventKind; readonly failed: MediaEventKind | undefined }
  >
> = {
  createcomplete: { object: 'create_info', kind: 'uploaded', failed: 'upload-failed' },
  parsecomplete: { object: 'parse_info', kind: 'analyzed', failed: undefined },
  transcodecomplete: { object: 'transcode_info', kind: 'transcoded', failed: 'transcode-failed' },
};

/** Messages of Huawei Cloud VOD, by MFS ("auth_sign") or by SMN. Both signatures cover the content. */
export function huaweiEvents(options: HuaweiEventsOptions): EventSource {
  const { provider, callbackKey, smn, maxAgeMs = day } = options;
  const keys = listOf(callbackKey);
  if (keys.includes('') || (keys.length === 0 && !smn?.topics.length))
    throw new TypeError('huaweiEvents needs the key of the callbacks, or the topics of SMN.');
  if (maxAgeMs > 7 * day)
    throw new TypeError('Messages are remembered for 7 days: maxAgeMs is at most that.');
  const messages = smn && new SmnMessages({ topics: smn.topics, hosts: smn.hosts ?? defaultHosts, maxAgeMs });
  return {
    id: options.id ?? provider?.id ?? 'huawei-vod',
    providerId: provider?.id ?? 'huawei-vod',
    lookUp: provider?.lookUp?.bind(provider),
    async read(delivery, tools) {
      const { headers } = delivery;
      if (headers.has('x-smn-message-type'))
        return messages ? await messages.read(delivery, tools) : refused(403, 'SMN is not configured');
      if (headers.has('auth_sign') || headers.has('auth_timestamp'))
        return readCallback(delivery, { keys, windowMs: options.windowMs ?? 5 * 60_000, nowMs: tools.now() });
      return refused(
        401,
        'neither auth_sign nor X-SMN-MESSAGE-TYPE is there; proxies drop headers with an underscore (nginx: underscores_in_headers)',
      );
    },
  };
}

/** MFS: `auth_sign` is an HMAC of the time and of the text in `message`. The time is in s or ms: no page says which. */
function readCallback(
  { headers, body }: Delivery,
  {
    keys,
    windowMs,
    nowMs,
  }: { readonly keys: readonly string[]; readonly windowMs: number; readonly nowMs: number },
): Reading {
  const timestamp = headers.get('auth_timestamp') ?? '';
  const sign = headers.get('auth_sign') ?? '';
  const message = parseObject(body)?.['message'];
  if (typeof message !== 'string') return refused(400, 'the body has no message');
  const isSigned = keys.some((key) =>
    isSame(toHex(hmacSha256(key)(`VOD_${timestamp}_${message}`)), sign.toLowerCase()),
  );
  if (!/^\d{10}(\d{3})?$/.test(timestamp) || !isSigned) return refused(401, 'auth_sign is wrong');
  const sentAt = timestamp.length === 10 ? Number(timestamp) * 1000 : Number(timestamp);
  if (Math.abs(sentAt - nowMs) > windowMs) return refused(401, 'auth_timestamp is out of the window');
  return eventsIn(message, { id: digestOf(message), at: new Date(sentAt).toISOString() });
}

/** "HTTP/HTTPS subscriptions" and "Verifying message signatures" of SMN. */
class SmnMessages {
  readonly #topics: readonly string[];
  readonly #maxAgeMs: number;
  readonly #certificates: AddressRule;
  readonly #confirmations: AddressRule;
  readonly #verifier = new MessageVerifier();

  constructor(options: {
    readonly topics: readonly string[];
    readonly hosts: readonly string[];
    readonly maxAgeMs: number;
  }) {
    const hosts = (host: string): boolean => options.hosts.includes(host);
    this.#topics = options.topics;
    this.#maxAgeMs = options.maxAgeMs;
    this.#certificates = { hosts, path: /^\/smn\/SMN_[A-Za-z0-9-]+_[0-9a-f]{32}\.pem$/ };
    this.#confirmations = { hosts, path: /^\/smn\// };
  }

  async read({ body }: Delivery, tools: SourceTools): Promise<Reading> {
    const fields = parseObject(body);
    if (!fields) return refused(400, 'the body is not a JSON object');
    const text = (name: string): string => textOf(fields[name]) ?? '';
    const names = signedNames(fields);
    const certificateUrl = allowedAddress(text('signing_cert_url'), this.#certificates);
    if (!this.#topics.includes(text('topic_urn')))
      return refused(403, 'the topic is not one of those configured');
    if (!names) return refused(403, 'the type of the message is not known');
    if (!certificateUrl) return refused(403, 'the address of the certificate is not one of SMN');
    const problem = await this.#verifier.problemOf(
      { fields: names.map((name) => [name, text(name)]), signatureBase64: text('signature'), certificateUrl },
      tools,
    );
    if (problem !== undefined) return refused(401, problem);
    if (!(Math.abs(Date.parse(text('timestamp')) - tools.now()) <= this.#maxAgeMs))
      return refused(401, 'the message is too old');
    if (text('type') === 'SubscriptionConfirmation') {
      const url = allowedAddress(text('subscribe_url'), this.#confirmations);
      if (!url) return refused(403, 'the address for confirming is not one of SMN');
      await confirmSubscription(url, tools);
      return done;
    }
    if (text('type') !== 'Notification') return done;
    return eventsIn(text('message'), { id: text('message_id'), at: isoOf(fields['timestamp']) });
  }
}

/** Which fields are signed, in order; an empty subject is none. */
function signedNames({ type, subject }: Fields): string[] | undefined {
  if (type === 'Notification') {
    const subjects = typeof subject === 'string' && subject !== '' ? ['subject'] : [];
    return ['message', 'message_id', ...subjects, 'timestamp', 'topic_urn', 'type'];
  }
  return type === 'SubscriptionConfirmation' || type === 'UnsubscribeConfirmation'
    ? ['message', 'message_id', 'subscribe_url', 'timestamp', 'topic_urn', 'type']
    : undefined;
}

function eventsIn(message: string, known: Pick<VendorEvent, 'id' | 'at'>): Reading {
  const fields = parseObject(message);
  const type = types[(textOf(fields?.['event_type']) ?? '').toLowerCase()];
  const info = type && asObject(fields?.[type.object]);
  const mediaId = textOf(info?.['asset_id']);
  if (!type || !mediaId) return done;
  const kind = info?.['status'] === 'FAILED' ? type.failed : type.kind;
  return kind === undefined
    ? done
    : { outcome: 'events', isCovered: true, events: [{ ...known, kind, mediaId, detail: fields }] };
}
