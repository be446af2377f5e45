import { describe, expect, it } from 'vitest';
import { fakeContext } from '../test-support/fake-provider.js';
import { alibabaEvents } from './alibaba.js';
import { parseCertificate } from './certificate.js';
import vectors from './events.vectors.json' with { type: 'json' };
import { huaweiEvents } from './huawei.js';
import { s3Events } from './s3.js';
import { tencentEvents } from './tencent.js';
import type { EventSource, Reading } from './source.js';

const provider = { id: 'cloud', lookUp: () => Promise.reject(new Error('not asked here')) };
const pem = `-----BEGIN CERTIFICATE-----\n${vectors.certificateBase64}\n-----END CERTIFICATE-----\n`;

/** The reading of one message at the time that is given; certificates come from where they are asked for. */
function readingOf(
  source: EventSource,
  { headers = {}, body, at }: { headers?: Record<string, string>; body: string; at: number },
  asked: string[] = [],
): Promise<Reading> {
  return source.read(
    { headers: new Headers(headers), query: new URLSearchParams(), body },
    {
      now: () => at,
      signal: fakeContext().signal,
      fetch: (url) => {
        asked.push(url as string);
        return Promise.resolve(new Response(pem));
      },
    },
  );
}

it('reads key, hash and validity of a certificate', () => {
  expect(parseCertificate(pem)).toMatchObject({
    hash: 'SHA-256',
    notBefore: Date.parse('2026-11-27T04:56:06Z'),
    notAfter: Date.parse('2051-07-19T04:56:06Z'),
  });
});

it.each(['', 'text', '-----BEGIN CERTIFICATE-----\nMIIDQzCCAiug\n-----END CERTIFICATE-----'])(
  'refuses what is no certificate: %j',
  (text) => {
    expect(() => parseCertificate(text)).toThrow();
  },
);

describe('Alibaba X-VOD-SIGNATURE', () => {
  const [published] = vectors.alibaba;
  it.each(vectors.alibaba)('is verified over URL, time and key: $name', async (vector) => {
    const event = { EventType: 'FileUploadComplete', VideoId: 'v1', EventTime: '2018-02-23T08:53:10Z' };
    const read = (callbackUrl: string, authKey: string) =>
      readingOf(alibabaEvents({ provider, callbackUrl, authKey }), {
        headers: { 'X-VOD-TIMESTAMP': vector.timestamp, 'X-VOD-SIGNATURE': vector.signature },
        body: JSON.stringify(event),
        at: Number(vector.timestamp) * 1000,
      });
    expect(await read(vector.callbackUrl, vector.authKey)).toMatchObject({
      outcome: 'events',
      isCovered: false,
      events: [{ kind: 'uploaded', mediaId: 'v1' }],
    });
    expect(await read(`${vector.callbackUrl}x`, vector.authKey)).toMatchObject({ status: 401 });
    expect(await read(vector.callbackUrl, `${vector.authKey}x`)).toMatchObject({ status: 401 });
  });

  it.each([
    ['six minutes later', 6 * 60_000, 401],
    ['six minutes earlier', -6 * 60_000, 401],
    ['four minutes later', 4 * 60_000, undefined],
  ])('is accepted within five minutes only: %s', async (_, offsetMs, status) => {
    if (!published) throw new Error('no vectors');
    const { callbackUrl, authKey, timestamp, signature } = published;
    const reading = await readingOf(alibabaEvents({ provider, callbackUrl, authKey }), {
      headers: { 'X-VOD-TIMESTAMP': timestamp, 'X-VOD-SIGNATURE': signature },
      body: '{}',
      at: Number(timestamp) * 1000 + offsetMs,
    });
    expect(reading.outcome === 'refused' ? reading.status : undefined).toBe(status);
  });

  it('is verified with the old and the new key while the key is changed', async () => {
    if (!published) throw new Error('no vectors');
    const { callbackUrl, authKey, timestamp, signature } = published;
    const source = alibabaEvents({ provider, callbackUrl, authKey: ['NewKey123', authKey] });
    const headers = { 'X-VOD-TIMESTAMP': timestamp, 'X-VOD-SIGNATURE': signature };
    const reading = await readingOf(source, { headers, body: '{}', at: Number(timestamp) * 1000 });
    expect(reading.outcome).toBe('done');
  });
});

describe('the signature of Tencent', () => {
  const event = { EventType: 'NewFileUpload', FileUploadEvent: { FileId: 'f1' } };
  it.each(vectors.tencent)('is verified over key and expiry: $SignKey $T', async (vector) => {
    const read = (fields: object, at = vector.T * 1000) =>
      readingOf(tencentEvents({ provider, signKey: vector.SignKey }), {
        body: JSON.stringify({ ...event, ...fields }),
        at,
      });
    const { T, Sign_lower, Sign_upper } = vector;
    for (const Sign of [Sign_lower, Sign_upper])
      expect(await read({ Sign, T })).toMatchObject({ events: [{ kind: 'uploaded', mediaId: 'f1' }] });
    expect(await read({ Sign: Sign_lower, T: T + 1 })).toMatchObject({ status: 401 });
    expect(await read({ Sign: Sign_lower })).toMatchObject({ status: 401 });
    expect(await read({})).toMatchObject({ status: 401 });
    // It has expired, or expires too late to be the vendor's.
    expect(await read({ Sign: Sign_lower, T }, T * 1000 + 31_000)).toMatchObject({ status: 401 });
    expect(await read({ Sign: Sign_lower, T }, T * 1000 - 2 * 3_600_000)).toMatchObject({ status: 401 });
  });
});

describe('auth_sign of Huawei', () => {
  const at = 1768465800_000;
  it.each(vectors.mfs.cases.filter(({ auth_timestamp: time }) => time.length >= 10))(
    'is verified over time and text: $name',
    async ({ auth_sign, auth_timestamp, message, valid }) => {
      const source = huaweiEvents({ callbackKey: vectors.mfs.key });
      const reading = await readingOf(source, {
        headers: { auth_sign, auth_timestamp },
        body: JSON.stringify({ message }),
        at,
      });
      expect(reading.outcome === 'refused' ? reading.status : reading.outcome).toBe(valid ? 'events' : 401);
    },
  );

  it('names proxies that drop headers with an underscore where both headers are missing', async () => {
    const source = huaweiEvents({ callbackKey: vectors.mfs.key });
    expect(await readingOf(source, { body: '{}', at })).toMatchObject({
      status: 401,
      reason: expect.stringContaining('underscores_in_headers') as string,
    });
  });
});

describe('messages of SMN', () => {
  const topic = 'urn:smn:cn-north-4:05041fffa40025702f6dc009cc6f8f33:vod';
  const certificateUrl = `https://console.huaweicloud.com/smn/SMN_cn-north-4_${'a'.repeat(32)}.pem`;
  // The certificate of the vectors is younger than they are.
  const at = Date.parse('2026-11-28T00:00:00Z');
  const maxAgeMs = 7 * 24 * 3_600_000;
  const source = () => huaweiEvents({ smn: { topics: [topic] }, maxAgeMs });
  const read = (
    fields: Record<string, unknown>,
    { asked, own = source() }: { asked?: string[]; own?: EventSource } = {},
  ) =>
    readingOf(
      own,
      {
        headers: { 'X-SMN-MESSAGE-TYPE': 'Notification' },
        body: JSON.stringify({ signing_cert_url: certificateUrl, ...fields }),
        at,
      },
      asked,
    );
  const base = (name: string) => {
    const found = vectors.smn.valid.find((one) => one.name === name);
    if (!found) throw new Error(name);
    return { ...found.message, signature: found.signature };
  };

  it.each(vectors.smn.valid)('are verified by the certificate: $name', async ({ name }) => {
    // Genuine, and refused for its age only.
    expect(await read(base(name))).toEqual({
      outcome: 'refused',
      status: 401,
      reason: 'the message is too old',
    });
  });

  it.each(vectors.smn.changed)(
    'are refused with another content: $name',
    async ({ base: name, changed, valid }) => {
      const reading = await read({ ...base(name), ...changed });
      expect(reading).toMatchObject({ reason: valid ? 'the message is too old' : 'the signature is wrong' });
    },
  );

  it.each([
    'http://console.huaweicloud.com/smn/SMN_cn-north-4_',
    'https://console.huaweicloud.com.evil.example/smn/SMN_cn-north-4_',
    'https://bucket.obs.cn-north-4.myhuaweicloud.com/smn/SMN_cn-north-4_',
    'https://console.huaweicloud.com:8443/smn/SMN_cn-north-4_',
    'https://user:pass@console.huaweicloud.com/smn/SMN_cn-north-4_',
    'https://console.huaweicloud.com/other/SMN_cn-north-4_',
    'https://127.0.0.1/smn/SMN_cn-north-4_',
  ])('fetch no certificate from %s', async (prefix) => {
    const asked: string[] = [];
    const fields = { ...base('notification-no-subject'), signing_cert_url: `${prefix}${'a'.repeat(32)}.pem` };
    expect(await read(fields, { asked })).toMatchObject({ status: 403 });
    expect(asked).toEqual([]);
  });

  it('fetch nothing for a topic that is not configured', async () => {
    const asked: string[] = [];
    const own = huaweiEvents({ smn: { topics: ['urn:smn:cn-north-4:other:vod'] } });
    expect(await read(base('subscription-confirmation'), { asked, own })).toMatchObject({ status: 403 });
    expect(asked).toEqual([]);
  });

  it('ask for a certificate once', async () => {
    const asked: string[] = [];
    const own = source();
    for (let i = 0; i < 3; i++) await read(base('notification-no-subject'), { asked, own });
    expect(asked).toEqual([certificateUrl]);
  });
});

describe('messages of SNS', () => {
  const topic = 'arn:aws:sns:us-east-1:123456789012:media-in';
  const certificateUrl = 'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0a1b.pem';
  const at = Date.parse('2026-11-28T00:00:00Z');
  const source = (topics = [topic]) => s3Events({ provider, bucket: 'media-in', sns: { topics } });
  const read = (fields: Record<string, unknown>, asked: string[] = [], own = source()) =>
    readingOf(
      own,
      {
        headers: { 'x-amz-sns-message-type': 'Notification' },
        body: JSON.stringify({ SigningCertURL: certificateUrl, ...fields }),
        at,
      },
      asked,
    );
  const base = (name: string, version: '1' | '2') => {
    const found = vectors.sns.valid.find((one) => one.name === name);
    if (!found) throw new Error(name);
    const Signature = version === '1' ? found.Signature_v1 : found.Signature_v2;
    return { ...found.message, Signature, SignatureVersion: version };
  };
  const genuine = { reason: 'the message is too old' };
  const forged = { reason: 'the signature is wrong' };

  it.each(vectors.sns.valid)('are verified in both versions: $name', async ({ name }) => {
    for (const version of ['1', '2'] as const) {
      expect(await read(base(name, version))).toMatchObject(genuine);
      const other = version === '1' ? '2' : '1';
      expect(await read({ ...base(name, version), SignatureVersion: other })).toMatchObject(forged);
    }
    expect(await read({ ...base(name, '1'), SignatureVersion: '3' })).toMatchObject({ status: 403 });
  });

  it.each(vectors.sns.changed)('are refused with another content: $name', async (vector) => {
    for (const version of ['1', '2'] as const) {
      const reading = await read({ ...base(vector.base, version), ...vector.changed });
      expect(reading).toMatchObject(vector.valid_v1 ? genuine : forged);
    }
  });

  it.each([
    'https://sns.s3-ap-southeast-2.amazonaws.com/SimpleNotificationService-0a1b.pem',
    'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a1b.pem',
    'https://sns.us-east-1.amazonaws.com.example.com/SimpleNotificationService-0a1b.pem',
    'https://sns.us-east-1.amazonaws.com/other.pem',
    'http://sns.us-east-1.amazonaws.com/SimpleNotificationService-0a1b.pem',
    'https://s3.amazonaws.com/SimpleNotificationService-0a1b.pem',
    'file:///SimpleNotificationService-0a1b.pem',
  ])('fetch no certificate from %s', async (url) => {
    const asked: string[] = [];
    const fields = { ...base('notification-subject', '2'), SigningCertURL: url };
    expect(await read(fields, asked)).toMatchObject({ status: 403 });
    expect(asked).toEqual([]);
  });

  it('are refused without their envelope, and from other topics', async () => {
    const raw = await readingOf(source(), {
      headers: { 'x-amz-sns-rawdelivery': 'true', 'x-amz-sns-message-type': 'Notification' },
      body: '{}',
      at,
    });
    expect(raw).toMatchObject({ status: 403 });
    const other = source(['arn:aws:sns:us-east-1:123456789012:other']);
    expect(await read(base('notification-subject', '2'), [], other)).toMatchObject({ status: 403 });
  });
});

describe('messages with a secret in place of a signature', () => {
  const record = {
    eventName: 'ObjectCreated:CompleteMultipartUpload',
    eventTime: '2026-01-15T08:30:00.000Z',
    s3: { bucket: { name: 'media-in' }, object: { key: 'in/clip+one%2B%E5%BD%B1.mp4', sequencer: '1' } },
  };
  const webhook = (secretIn?: 'opaqueData' | { header: string } | { query: string }) =>
    s3Events({ provider, bucket: 'media-in', webhook: { secret: ['t0ken', 'old'], secretIn } });
  const read = (
    source: EventSource,
    body: unknown,
    { headers = {}, query = '' }: { headers?: Record<string, string>; query?: string } = {},
  ) =>
    source.read(
      { headers: new Headers(headers), query: new URLSearchParams(query), body: JSON.stringify(body) },
      { now: Date.now, signal: fakeContext().signal, fetch },
    );
  const uploaded = { events: [{ kind: 'uploaded', mediaId: 'in/clip one+影.mp4' }], isCovered: false };

  it.each(['Bearer t0ken', 't0ken', 'bearer old'])('are taken from MinIO with %s', async (authorization) => {
    const body = { EventName: 's3:ObjectCreated:Put', Key: 'media-in/k', Records: [record] };
    expect(await read(webhook(), body, { headers: { authorization } })).toMatchObject(uploaded);
  });

  it.each(['Bearer other', '', 't0ken t0ken'])('are refused with %j', async (authorization) => {
    expect(await read(webhook(), { Records: [record] }, { headers: { authorization } })).toMatchObject({
      status: 401,
    });
  });

  it('are taken with the secret in another header, in the address or in opaqueData', async () => {
    const headers = { 'x-secret': 't0ken' };
    expect(await read(webhook({ header: 'x-secret' }), { Records: [record] }, { headers })).toMatchObject(
      uploaded,
    );
    const query = 'secret=t0ken';
    expect(await read(webhook({ query: 'secret' }), { Records: [record] }, { query })).toMatchObject(
      uploaded,
    );
    const opaque = { ...record, opaqueData: 't0ken' };
    expect(await read(webhook('opaqueData'), { Records: [opaque] })).toMatchObject(uploaded);
    // Every record has to carry it.
    expect(await read(webhook('opaqueData'), { Records: [opaque, record] })).toMatchObject({ status: 401 });
    expect(await read(webhook('opaqueData'), { Records: [] })).toMatchObject({ status: 401 });
  });

  it('are read in the form of EventBridge, whose keys are not encoded', async () => {
    const body = {
      'detail-type': 'Object Created',
      time: '2026-01-15T08:30:00Z',
      detail: {
        bucket: { name: 'media-in' },
        object: { key: 'a+b%20c.mp4', etag: 'e' },
        reason: 'PutObject',
      },
    };
    expect(await read(webhook(), body, { headers: { authorization: 't0ken' } })).toMatchObject({
      events: [{ kind: 'uploaded', mediaId: 'a+b%20c.mp4' }],
    });
  });

  it('are ignored where they are tests, of other buckets or of no interest', async () => {
    const headers = { authorization: 't0ken' };
    for (const body of [
      { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'media-in' },
      { Records: [{ ...record, s3: { ...record.s3, bucket: { name: 'other' } } }] },
      { Records: [{ ...record, eventName: 'ObjectTagging:Put' }] },
      { Records: [{ ...record, s3: { ...record.s3, object: { key: '%E5%' } } }] },
    ])
      expect(await read(webhook(), body, { headers })).toEqual({ outcome: 'done' });
  });
});

it('throws where a source could verify nothing', () => {
  expect(() => alibabaEvents({ provider, callbackUrl: '', authKey: 'k' })).toThrow(TypeError);
  expect(() => alibabaEvents({ provider: { id: 'x' }, callbackUrl: 'u', authKey: 'k' })).toThrow(TypeError);
  expect(() => tencentEvents({ provider, signKey: [] })).toThrow(TypeError);
  expect(() => huaweiEvents({})).toThrow(TypeError);
  expect(() => huaweiEvents({ smn: { topics: [] } })).toThrow(TypeError);
  expect(() => s3Events({ provider, bucket: 'b' })).toThrow(TypeError);
});
