import { describe, expect, it } from 'vitest';
import { EndpointError } from '../errors.js';
import type { VendorReply } from '../http.js';
import type { Provider } from '../provider.js';
import { ossError, vodError as alibabaError } from '../providers/alibaba-vod/errors.js';
import { alibabaVod } from '../providers/alibaba-vod/index.js';
import { metastudioError } from '../providers/huawei-metastudio/errors.js';
import { huaweiMetastudio } from '../providers/huawei-metastudio/index.js';
import { toMediaDetails as metastudioDetails } from '../providers/huawei-metastudio/details.js';
import { obsError, vodError as huaweiError } from '../providers/huawei-vod/errors.js';
import { huaweiVod } from '../providers/huawei-vod/index.js';
import { toMediaDetails as huaweiDetails } from '../providers/huawei-vod/details.js';
import { s3Error } from '../providers/s3/errors.js';
import { s3 } from '../providers/s3/index.js';
import { cosError, vodError as tencentError } from '../providers/tencent-vod/errors.js';
import { tencentVod } from '../providers/tencent-vod/index.js';
import { fakeContext } from '../test-support/fake-provider.js';
import { safeVendorText } from './refusal.js';

/** `marker` is in each of them, so that one look shows whether any of the text came through. */
const marker = 'HOSTILE';
const hostile: readonly (readonly [name: string, code: string])[] = [
  ['markup', `<img src=x onerror=alert("${marker}")>`],
  ['control characters', `Access${marker}\r\nSet-Cookie: a=b\u001b[31m\u0000`],
  ['10 kB of text', marker.repeat(1500)],
  ['a presigned URL', `https://store.example/key?X-Amz-Signature=${marker}`],
  ['a key with its secret', `${marker}/secret+key==`],
  ['letters of another script that look alike', `АссеssDеniеd${marker}`],
];
const inherited = ['constructor', '__proto__', 'toString'];

const json = (body: unknown, status = 400): VendorReply => ({
  status,
  headers: new Headers(),
  text: JSON.stringify(body),
});
const escapeXml = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    // Not allowed in XML 1.0, in any spelling.
    .replace(/[\u0000\u001b]/g, '');
const xml = (code: string, status = 400): VendorReply => ({
  status,
  headers: new Headers(),
  text: `<Error><Code>${escapeXml(code)}</Code><RequestId>${escapeXml(code)}</RequestId></Error>`,
});

const errorsOf: readonly (readonly [name: string, errorOf: (code: string) => EndpointError])[] = [
  ['huawei-vod', (code) => huaweiError(json({ error_code: code, request_id: code }), 'create asset', 0)],
  ['huawei-metastudio', (code) => metastudioError(json({ error_code: code, request_id: code }), 'create', 0)],
  ['alibaba-vod', (code) => alibabaError(json({ Code: code, RequestId: code }), 'CreateUploadVideo', 0)],
  ['tencent-vod', (code) => tencentError(code, { what: 'ApplyUpload', requestId: code })],
  ['s3', (code) => s3Error(xml(code), 'list parts', 0)],
  ['OBS', (code) => obsError(xml(code), 'list parts', 0)],
  ['OSS', (code) => ossError(xml(code), 'list parts', 0)],
  ['COS', (code) => cosError(xml(code), 'list parts', 0)],
];

/** Everything of an error that a log or a page could show. */
function dump(error: EndpointError): string {
  return [error.message, error.stack, JSON.stringify({ ...error }), JSON.stringify(error.toProblem())].join();
}

describe.each(errorsOf)('vendor errors of %s', (_, errorOf) => {
  it.each(hostile)('drops a vendor code and a request id that are %s', (_name, code) => {
    const error = errorOf(code);
    expect(dump(error)).not.toContain(marker);
    expect(error.code).toBe('vendor-refused');
    expect(error.vendor).toEqual({});
    expect(error.message.length).toBeLessThan(100);
  });

  it.each(inherited)(
    'maps the vendor code %s, a property name that every object inherits, to vendor-refused',
    (code) => {
      expect(errorOf(code).code).toBe('vendor-refused');
    },
  );

  it('keeps a vendor code and a request id of safe characters', () => {
    expect(errorOf('Some.Code_1-a')).toMatchObject({
      vendor: { code: 'Some.Code_1-a', requestId: 'Some.Code_1-a' },
    });
    expect(errorOf('Some.Code_1-a').message).toContain('Some.Code_1-a');
  });
});

/** One cloud for all: whatever is asked, it refuses with this code in every form that one of them reads. */
function refusing(code: string): typeof fetch {
  const body = {
    error_code: code,
    request_id: code,
    Code: code,
    RequestId: code,
    Response: { RequestId: code, Error: { Code: code } },
  };
  return (url) => {
    const { hostname } = new URL(url instanceof Request ? url.url : url);
    if (hostname === 's3.test') return Promise.resolve(new Response(xml(code).text, { status: 400 }));
    return Promise.resolve(Response.json(body, { status: hostname === 'tencent.test' ? 200 : 400 }));
  };
}

const providers: readonly (readonly [name: string, create: (fetch: typeof globalThis.fetch) => Provider])[] =
  [
    [
      'alibaba-vod',
      (fetch) => alibabaVod({ credentials: { accessKeyId: 'a', accessKeySecret: 'b' }, fetch }),
    ],
    ['huawei-vod', (fetch) => huaweiVod({ projectId: 'p', region: 'r', credentials: { token: 't' }, fetch })],
    [
      'huawei-metastudio',
      (fetch) => huaweiMetastudio({ projectId: 'p', region: 'r', credentials: { token: 't' }, fetch }),
    ],
    [
      'tencent-vod',
      (fetch) =>
        tencentVod({
          credentials: { secretId: 'a', secretKey: 'b' },
          endpoint: 'https://tencent.test',
          fetch,
        }),
    ],
    [
      's3',
      (fetch) =>
        s3({
          bucket: 'b',
          region: 'r',
          endpoint: 'https://s3.test',
          forcePathStyle: true,
          credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
          fetch,
        }),
    ],
  ];

describe.each(providers)('start at %s with a hostile reply', (_, create) => {
  it.each(hostile)('omits a vendor code that is %s from the answer', async (_name, code) => {
    const error: unknown = await create(refusing(code))
      .start(
        { clientId: 'c', fileName: 'a.mp4', sizeBytes: 50_000_000, contentType: 'video/mp4', md5Base64: 'm' },
        fakeContext(),
      )
      .catch((reason: unknown) => reason);
    if (!(error instanceof EndpointError)) throw new Error('not refused');
    expect(dump(error)).not.toContain(marker);
  });
});

it.each(hostile)('omits an undocumented media status that is %s from the error', (_, status) => {
  const errors = [
    huaweiDetails({ asset_id: 'a', status }, { provider: 'p', isTranscoded: false }),
    metastudioDetails({ asset_id: 'a', asset_state: status }, 'f', 'p'),
  ];
  for (const error of errors) {
    if (!(error instanceof EndpointError)) throw new Error('not refused');
    expect(dump(error)).not.toContain(marker);
  }
});

it('accepts vendor texts of up to 100 letters, digits, dots, underscores and hyphens', () => {
  expect(safeVendorText('a'.repeat(100))).toHaveLength(100);
  expect(safeVendorText('a'.repeat(101))).toBeUndefined();
  expect(safeVendorText('')).toBeUndefined();
  expect(safeVendorText(null)).toBeUndefined();
});
