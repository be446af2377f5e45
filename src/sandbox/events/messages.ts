import { createHash, createHmac, randomUUID, sign } from 'node:crypto';
import type { SigningCertificate } from './certificate.js';
import type { EventSwitches, EventTargets } from './settings.js';

/** One request to the receiver. */
export interface EventRequest {
  headers: Record<string, string>;
  body: string;
}

/** A message, and how its vendor goes on when it is not taken. */
export interface EventMessage {
  url: string;
  /** Made anew for each attempt, by vendors that sign the time of sending. */
  build: () => EventRequest;
  /** Waits before the second attempt and each one after it. */
  retryDelaysMs: readonly number[];
  /** Whether the vendor counts an answer as delivered; undefined: there was none. */
  isTaken: (status: number | undefined) => boolean;
}

export interface MessageTools {
  nowMs: () => number;
  switches: EventSwitches;
  certificate: () => SigningCertificate;
}

type Target<K extends keyof EventTargets> = NonNullable<EventTargets[K]>;

const hour = 3_600_000;
const json = { 'Content-Type': 'application/json' };
/** Any answer will do. */
const isAnswered = (status: number | undefined): boolean => status !== undefined;
/** Only errors of the receiver are tried again. */
const isBelow500 = (status: number | undefined): boolean => status !== undefined && status < 500;

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

/** "HTTP callback authentication": three attempts, a second apart; only 200 is success. */
export function alibabaMessage(
  { url, authKey }: Target<'alibaba'>,
  event: Record<string, unknown>,
  { nowMs, switches }: MessageTools,
): EventMessage {
  return {
    url,
    retryDelaysMs: [1000, 1000],
    isTaken: (status) => status === 200,
    build: () => {
      const timestamp = String(Math.floor((nowMs() - (switches.staleTime ? hour : 0)) / 1000));
      const key = switches.badSignature ? 'WrongKey0' : authKey;
      const signature = md5(`${url}|${timestamp}|${key}`);
      return {
        headers: { ...json, 'X-VOD-TIMESTAMP': timestamp, 'X-VOD-SIGNATURE': signature },
        body: JSON.stringify(event),
      };
    },
  };
}

/** "Event notifications", PUSH: sent again only when there is no answer, whatever it says. */
export function tencentMessage(
  { url, signKey }: Target<'tencent'>,
  event: Record<string, unknown>,
  { nowMs, switches }: MessageTools,
): EventMessage {
  return {
    url,
    retryDelaysMs: [1000, 1000],
    isTaken: isAnswered,
    build: () => {
      const expiry = Math.floor(nowMs() / 1000) + 600 - (switches.staleTime ? 3600 : 0);
      const key = switches.badSignature ? 'WrongKey0' : signKey;
      return { headers: json, body: JSON.stringify({ ...event, Sign: md5(`${key}${expiry}`), T: expiry }) };
    },
  };
}

/** MFS signs the time and the text; how often it tries is not documented. SMN: once and six times more. */
export function huaweiMessage(
  target: Target<'huawei'>,
  event: Record<string, unknown>,
  tools: MessageTools,
): EventMessage {
  const message = JSON.stringify(event);
  if ('topicUrn' in target) return smnMessage(target, { type: 'Notification', message }, tools);
  const { nowMs, switches } = tools;
  return {
    url: target.url,
    retryDelaysMs: [1000, 1000],
    isTaken: (status) => status !== undefined && status < 300,
    build: () => {
      const timestamp = String(nowMs() - (switches.staleTime ? hour : 0));
      const key = switches.badSignature ? 'WrongKey0' : target.callbackKey;
      const signature = createHmac('sha256', key).update(`VOD_${timestamp}_${message}`).digest('hex');
      return {
        headers: { ...json, auth_sign: signature, auth_timestamp: timestamp },
        body: JSON.stringify({ message }),
      };
    },
  };
}

/** "Verifying message signatures" of SMN. */
export function smnMessage(
  { url, topicUrn }: { url: string; topicUrn: string },
  given: { type: string; message: string; subscribe_url?: string },
  { nowMs, switches, certificate }: MessageTools,
): EventMessage {
  const fields: Record<string, string> = {
    ...given,
    topic_urn: topicUrn,
    message_id: randomUUID().replaceAll('-', ''),
    timestamp: isoSeconds(nowMs() - (switches.staleTime ? 48 * hour : 0)),
  };
  const signature = signatureOf(fields, {
    names: ['message', 'message_id', 'subscribe_url', 'timestamp', 'topic_urn', 'type'],
    hash: 'sha256',
    switches,
    certificate,
  });
  const region = topicUrn.split(':')[2] ?? '';
  const body = JSON.stringify({
    ...fields,
    signature,
    signature_version: 'v1',
    signing_cert_url: `https://console.huaweicloud.com/smn/SMN_${region}_${'0'.repeat(32)}.pem`,
  });
  const headers = {
    ...json,
    'X-SMN-MESSAGE-TYPE': given.type,
    'X-SMN-MESSAGE-ID': fields['message_id'] ?? '',
    'X-SMN-TOPIC-URN': topicUrn,
  };
  return {
    url,
    retryDelaysMs: [1000, 3000, 10_000, 30_000, 60_000, 120_000],
    isTaken: isBelow500,
    build: () => ({ headers, body }),
  };
}

/** "Amazon S3 event notifications" by SNS, or as MinIO sends them to a webhook: once, with its token. */
export function s3Message(
  target: Target<'s3'>,
  record: Record<string, unknown>,
  tools: MessageTools,
): EventMessage {
  const records = { Records: [record] };
  if ('topicArn' in target)
    return snsMessage(
      target,
      { Type: 'Notification', Subject: 'Amazon S3 Notification', Message: JSON.stringify(records) },
      tools,
    );
  const token = tools.switches.badSignature ? 'wrong' : target.token;
  const body = JSON.stringify({ EventName: `s3:${String(record['eventName'])}`, ...records });
  return {
    url: target.url,
    retryDelaysMs: [],
    isTaken: isAnswered,
    build: () => ({ headers: { ...json, Authorization: `Bearer ${token}` }, body }),
  };
}

/** "Verifying the signatures of Amazon SNS messages"; three more attempts, 20 s apart. */
export function snsMessage(
  { url, topicArn, signatureVersion = '1' }: { url: string; topicArn: string; signatureVersion?: '1' | '2' },
  given: { Type: string; Message: string; Subject?: string; SubscribeURL?: string; Token?: string },
  { nowMs, switches, certificate }: MessageTools,
): EventMessage {
  const fields: Record<string, string> = {
    ...given,
    TopicArn: topicArn,
    MessageId: randomUUID(),
    Timestamp: new Date(nowMs() - (switches.staleTime ? 48 * hour : 0)).toISOString(),
  };
  const signature = signatureOf(fields, {
    names: ['Message', 'MessageId', 'Subject', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
    hash: signatureVersion === '1' ? 'sha1' : 'sha256',
    switches,
    certificate,
  });
  const region = topicArn.split(':')[3] ?? '';
  const body = JSON.stringify({
    ...fields,
    SignatureVersion: signatureVersion,
    Signature: signature,
    SigningCertURL: `https://sns.${region}.amazonaws.com/SimpleNotificationService-${'0'.repeat(32)}.pem`,
  });
  const headers = {
    'Content-Type': 'text/plain; charset=UTF-8',
    'x-amz-sns-message-type': given.Type,
    'x-amz-sns-message-id': fields['MessageId'] ?? '',
    'x-amz-sns-topic-arn': topicArn,
  };
  return {
    url,
    retryDelaysMs: [20_000, 20_000, 20_000],
    isTaken: isBelow500,
    build: () => ({ headers, body }),
  };
}

/** Over the fields that are there, in the given order. */
function signatureOf(
  fields: Record<string, string>,
  {
    names,
    hash,
    switches,
    certificate,
  }: Pick<MessageTools, 'switches' | 'certificate'> & { names: string[]; hash: 'sha1' | 'sha256' },
): string {
  const text = names
    .filter((name) => fields[name] !== undefined)
    .map((name) => `${name}\n${fields[name]}\n`)
    .join('');
  const signed = switches.badSignature ? `${text}?` : text;
  return sign(hash, Buffer.from(signed), certificate().privateKey).toString('base64');
}

function isoSeconds(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
