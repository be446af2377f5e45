import { describe, expect, it } from 'vitest';
import type { EndpointError } from '../../errors.js';
import { readGrant } from './grant.js';

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64');
const address = {
  Endpoint: 'https://oss-cn-shanghai.aliyuncs.com',
  Bucket: 'outin-b',
  FileName: 'sv/1/a b.mp4',
};
const auth = { SecurityToken: 't0ken', AccessKeyId: 'STS.N', AccessKeySecret: 's3cret', Expiration: '3600' };
const nowMs = Date.UTC(2026, 2, 30, 8);
const read = (more: object = {}, place: object = {}) =>
  readGrant(
    { UploadAddress: encode({ ...address, ...place }), UploadAuth: encode({ ...auth, ...more }) },
    'CreateUploadVideo',
    { region: 'cn-beijing', nowMs },
  );

describe('upload address and credentials of alibaba-vod', () => {
  it.each([
    ['https://oss-cn-shanghai.aliyuncs.com', 'https://outin-b.oss-cn-shanghai.aliyuncs.com/sv/1/a%20b.mp4'],
    ['oss-cn-shanghai.aliyuncs.com', 'https://outin-b.oss-cn-shanghai.aliyuncs.com/sv/1/a%20b.mp4'],
    ['http://127.0.0.1:5174', 'http://127.0.0.1:5174/outin-b/sv/1/a%20b.mp4'],
    ['http://[::1]:5174', 'http://[::1]:5174/outin-b/sv/1/a%20b.mp4'],
    ['http://localhost:5174', 'http://localhost:5174/outin-b/sv/1/a%20b.mp4'],
    ['https://oss-accelerate.aliyuncs.com', 'https://outin-b.oss-accelerate.aliyuncs.com/sv/1/a%20b.mp4'],
  ])('builds from the endpoint %s the object URL %s', (Endpoint, url) => {
    expect(read({}, { Endpoint }).url).toBe(url);
  });

  it.each([
    [{ Region: 'eu-central-1' }, {}, 'eu-central-1'],
    [{}, {}, 'cn-shanghai'],
    [{}, { Endpoint: 'https://oss-cn-beijing-internal.aliyuncs.com' }, 'cn-beijing'],
    [{}, { Endpoint: 'https://oss-accelerate.aliyuncs.com' }, 'cn-beijing'],
    [{ Region: '' }, { Endpoint: 'http://127.0.0.1:1' }, 'cn-beijing'],
  ])('derives from the credentials %j and the address %j the region %s', (more, place, region) => {
    expect(read(more, place).region).toBe(region);
  });

  it.each<[object, number]>([
    [{ ExpireUTCTime: '2026-03-30T08:50:00Z' }, 50],
    [{}, 60],
    [{ Expiration: 1800 }, 30],
    [{ Expiration: undefined }, 50],
    [{ ExpireUTCTime: 'soon', Expiration: '600' }, 10],
  ])('reads from %j a credential lifetime of %i minutes', (more, minutes) => {
    expect((read(more).keys.expiresAt - nowMs) / 60_000).toBe(minutes);
  });

  it.each<[string, () => unknown]>([
    [
      'no base64',
      () => readGrant({ UploadAddress: '%%', UploadAuth: encode(auth) }, 'x', { region: 'r', nowMs }),
    ],
    [
      'no JSON',
      () =>
        readGrant({ UploadAddress: encode(address), UploadAuth: encode('{s3cret') }, 'x', {
          region: 'r',
          nowMs,
        }),
    ],
    ['no key', () => read({ AccessKeySecret: undefined })],
    ['no bucket', () => read({}, { Bucket: '' })],
    ['no endpoint', () => read({}, { Endpoint: 'https://' })],
  ])('reports an upload grant with %s as an invalid reply without secrets', (_, call) => {
    let error: unknown;
    try {
      call();
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code: 'vendor-invalid-reply' });
    expect(`${(error as EndpointError).message} ${String((error as EndpointError).cause)}`).not.toMatch(
      /s3cret|t0ken/,
    );
  });
});
