import type { Provider } from '../provider.js';
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
  type Reading,
  type SourceTools,
  type VendorEvent,
} from './source.js';

/** Settings for the notifications of a bucket. */
export interface S3EventsOptions {
  readonly provider: Pick<Provider, 'id' | 'lookUp'>;
  /** Default: the provider's. */
  readonly id?: string;
  /** Events of other buckets are ignored. */
  readonly bucket: string;
  /** Messages by Amazon SNS. Absent: they are refused. */
  readonly sns?: {
    /** ARNs of the topics that are taken; subscriptions to others are not confirmed. */
    readonly topics: readonly string[];
    /** Signature versions that are taken. Default both; `2` is SHA-256. */
    readonly signatureVersions?: readonly ('1' | '2')[];
    /** How old a message may be. Default 1 day, at most 7. */
    readonly maxAgeMs?: number;
  };
  /** Messages with a secret in place of a signature: MinIO, Ceph, EventBridge. Absent: they are refused. */
  readonly webhook?: {
    /** Two while it is changed. */
    readonly secret: OneOrMore<string>;
    /**
     * Where the secret stands: in a header, as MinIO's `auth_token` and connections of EventBridge have it (`Bearer` in
     * front counts as absent), in a parameter of the address, or in `opaqueData` of Ceph's topics. Default the header
     * `authorization`.
     */
    readonly secretIn?: { readonly header: string } | { readonly query: string } | 'opaqueData';
  };
}

const day = 24 * 60 * 60_000;
/** A form with a region: a bucket named `sns` has a host such as `sns.s3-eu-west-1.amazonaws.com`. */
const snsHost = /^sns\.([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com(?:\.cn)?$/;

/**
 * "Amazon S3 event notifications", by SNS, whose signature covers the content, or straight from a store with a secret,
 * where the content counts as a hint and the object is looked up.
 */
export function s3Events(options: S3EventsOptions): EventSource {
  const { provider, bucket, sns, webhook } = options;
  const secrets = listOf(webhook?.secret);
  if (secrets.includes('') || (secrets.length === 0 && !sns?.topics.length))
    throw new TypeError('s3Events needs the topics of SNS, or the secret of a webhook.');
  if ((sns?.maxAgeMs ?? 0) > 7 * day)
    throw new TypeError('Messages are remembered for 7 days: maxAgeMs is at most that.');
  const lookUp = provider.lookUp?.bind(provider);
  if (!lookUp) throw new TypeError('s3Events needs a provider that can look objects up.');
  const messages = sns && new SnsMessages(sns, bucket);
  return {
    id: options.id ?? provider.id,
    providerId: provider.id,
    lookUp,
    async read(delivery, tools) {
      if (delivery.headers.get('x-amz-sns-rawdelivery') === 'true')
        return refused(403, 'raw delivery of SNS has no signature');
      if (delivery.headers.has('x-amz-sns-message-type'))
        return messages ? await messages.read(delivery, tools) : refused(403, 'SNS is not configured');
      return readWebhook(delivery, {
        bucket,
        secrets,
        secretIn: webhook?.secretIn ?? { header: 'authorization' },
      });
    },
  };
}

function readWebhook(
  delivery: Delivery,
  options: {
    readonly bucket: string;
    readonly secrets: readonly string[];
    readonly secretIn: NonNullable<NonNullable<S3EventsOptions['webhook']>['secretIn']>;
  },
): Reading {
  const fields = parseObject(delivery.body);
  if (!fields) return refused(400, 'the body is not a JSON object');
  const given = secretsOf(delivery, fields, options.secretIn);
  const isGenuine =
    given.length > 0 && given.every((one) => options.secrets.some((secret) => isSame(one, secret)));
  if (!isGenuine) return refused(401, 'the secret is wrong');
  const events = eventsOf(fields, options.bucket, undefined);
  return events.length > 0 ? { outcome: 'events', events, isCovered: false } : done;
}

/** Each of them has to be right. */
function secretsOf(
  { headers, query }: Delivery,
  fields: Fields,
  place: { readonly header: string } | { readonly query: string } | 'opaqueData',
): string[] {
  if (place === 'opaqueData')
    return recordsOf(fields).map(
      (record) => textOf(record['opaqueData']) ?? textOf(asObject(record['s3'])?.['opaqueData']) ?? '',
    );
  if ('query' in place) return [query.get(place.query) ?? ''];
  return [(headers.get(place.header) ?? '').replace(/^Bearer +/i, '')];
}

/** "Amazon SNS message and JSON formats", "Verifying the signatures of Amazon SNS messages". */
class SnsMessages {
  readonly #topics: readonly string[];
  readonly #versions: readonly string[];
  readonly #maxAgeMs: number;
  readonly #bucket: string;
  readonly #verifier = new MessageVerifier();

  constructor(
    { topics, signatureVersions = ['1', '2'], maxAgeMs = day }: NonNullable<S3EventsOptions['sns']>,
    bucket: string,
  ) {
    this.#topics = topics;
    this.#versions = signatureVersions;
    this.#maxAgeMs = maxAgeMs;
    this.#bucket = bucket;
  }

  async read({ body }: Delivery, tools: SourceTools): Promise<Reading> {
    const fields = parseObject(body);
    if (!fields) return refused(400, 'the body is not a JSON object');
    const text = (name: string): string => textOf(fields[name]) ?? '';
    const [topic, version] = [text('TopicArn'), text('SignatureVersion')];
    if (!this.#topics.includes(topic)) return refused(403, 'the topic is not one of those configured');
    if (!this.#versions.includes(version)) return refused(403, 'the signature version is not taken');
    const names = signedNames(fields);
    if (!names) return refused(403, 'the type of the message is not known');
    const rule = addressRule(topic);
    const certificateUrl = allowedAddress(text('SigningCertURL'), rule);
    if (!certificateUrl) return refused(403, 'the address of the certificate is not one of SNS');
    const problem = await this.#verifier.problemOf(
      {
        fields: names.map((name) => [name, text(name)]),
        signatureBase64: text('Signature'),
        certificateUrl,
        hash: version === '1' ? 'SHA-1' : 'SHA-256',
      },
      tools,
    );
    if (problem !== undefined) return refused(401, problem);
    if (!(Math.abs(Date.parse(text('Timestamp')) - tools.now()) <= this.#maxAgeMs))
      return refused(401, 'the message is too old');
    if (text('Type') === 'SubscriptionConfirmation')
      return await this.#confirm(text('SubscribeURL'), topic, tools);
    if (text('Type') !== 'Notification') return done;
    const events = eventsOf(parseObject(text('Message')) ?? {}, this.#bucket, text('MessageId'));
    return events.length > 0 ? { outcome: 'events', events, isCovered: true } : done;
  }

  async #confirm(address: string, topic: string, tools: SourceTools): Promise<Reading> {
    const url = allowedAddress(address, { ...addressRule(topic), path: /^\/$/ });
    const query = url?.searchParams;
    if (!url || query?.get('Action') !== 'ConfirmSubscription' || query.get('TopicArn') !== topic)
      return refused(403, 'the address for confirming is not one of SNS for this topic');
    await confirmSubscription(url, tools);
    return done;
  }
}

/** Of the topic's own region. */
function addressRule(topic: string): AddressRule {
  const region = topic.split(':')[3];
  return {
    hosts: (host) => snsHost.exec(host)?.[1] === region,
    path: /^\/SimpleNotificationService(-[A-Za-z0-9]+)?\.pem$/,
  };
}

function signedNames({ Type, Subject }: Fields): string[] | undefined {
  if (Type === 'Notification') {
    const subjects = typeof Subject === 'string' ? ['Subject'] : [];
    return ['Message', 'MessageId', ...subjects, 'Timestamp', 'TopicArn', 'Type'];
  }
  return Type === 'SubscriptionConfirmation' || Type === 'UnsubscribeConfirmation'
    ? ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']
    : undefined;
}

function recordsOf(fields: Fields): Fields[] {
  const { Records: records } = fields;
  return Array.isArray(records) ? records.map(asObject).filter((one) => one !== undefined) : [];
}

/** Records of S3, MinIO and Ceph, or an event of EventBridge. A message may carry several. */
function eventsOf(fields: Fields, bucket: string, messageId: string | undefined): VendorEvent[] {
  const records = fields['detail-type'] === undefined ? recordsOf(fields) : [fromEventBridge(fields)];
  return records.flatMap((record, index) => {
    const s3 = asObject(record['s3']);
    const object = asObject(s3?.['object']);
    const key = decodedKey(textOf(object?.['key']), record);
    const name = (textOf(record['eventName']) ?? '').replace(/^s3:/, '');
    const kind = kindOf(name);
    if (textOf(asObject(s3?.['bucket'])?.['name']) !== bucket || key === undefined || !kind) return [];
    const own = [
      name,
      key,
      textOf(object?.['sequencer']) ?? '',
      textOf(object?.['eTag']) ?? '',
      textOf(record['eventTime']) ?? '',
    ];
    const id = messageId === undefined ? digestOf(JSON.stringify(own)) : `${messageId}:${index}`;
    return [{ id, kind, mediaId: key, at: isoOf(record['eventTime']), detail: record }];
  });
}

function kindOf(name: string): 'uploaded' | 'deleted' | undefined {
  if (/^ObjectCreated:(Put|Post|CompleteMultipartUpload)$/.test(name)) return 'uploaded';
  return name.startsWith('ObjectRemoved:') ? 'deleted' : undefined;
}

/** Keys are encoded as in forms, except in events of EventBridge. */
function decodedKey(key: string | undefined, record: Fields): string | undefined {
  if (key === undefined || record['isDecoded'] === true) return key;
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function fromEventBridge(fields: Fields): Fields {
  const detail = asObject(fields['detail']) ?? {};
  const object = asObject(detail['object']) ?? {};
  const names: Readonly<Record<string, string>> = {
    'Object Created': 'ObjectCreated:Put',
    'Object Deleted': 'ObjectRemoved:Delete',
  };
  return {
    isDecoded: true,
    eventName: detail['reason'] === 'CopyObject' ? '' : (names[textOf(fields['detail-type']) ?? ''] ?? ''),
    eventTime: fields['time'],
    s3: { bucket: detail['bucket'], object: { ...object, eTag: object['etag'] } },
  };
}
