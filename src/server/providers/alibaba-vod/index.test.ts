import { describe, expect, it } from 'vitest';
import { createTokenEndpoint } from '../../handler.js';
import type { Session } from '../../provider.js';
import { fakeContext } from '../../test-support/fake-provider.js';
import { alibabaVod, type AlibabaVodOptions, type AlibabaVodState } from './index.js';

const now = () => Date.UTC(2026, 2, 30, 8);
const secrets = {
  accessKeyId: 'LTAIKEYSECRET',
  accessKeySecret: 'AKSECRETSECRET',
  stsId: 'STS.NKEYSECRET',
  stsSecret: 'STSSECRETSECRET',
  token: 'CAISTOKENSECRET',
};
const videoId = '93ab850b4f6f44eab54b6e91d24d81d4';
const encode = (value: object) => btoa(JSON.stringify(value));
const grant = (more: object = {}) => ({
  RequestId: 'r',
  VideoId: videoId,
  UploadAddress: encode({
    Endpoint: 'https://oss-cn-shanghai.aliyuncs.com',
    Bucket: 'outin-b',
    FileName: 'sv/1/1.mp4',
  }),
  UploadAuth: encode({
    AccessKeyId: secrets.stsId,
    AccessKeySecret: secrets.stsSecret,
    SecurityToken: secrets.token,
    ExpireUTCTime: '2026-03-30T08:50:00Z',
    Expiration: '3000',
    Region: 'cn-shanghai',
  }),
  ...more,
});

type Answer = Response | Error;
interface Seen {
  readonly step: string;
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string;
}

/** VOD and OSS as one `fetch`: answers as the documents do, or as a test has scripted the next answers to a step. */
function fakeAlibaba() {
  const seen: Seen[] = [];
  const scripts = new Map<string, (Answer | ((request: Seen) => Answer))[]>();
  const xml = (text: string) => new Response(text, { headers: { 'Content-Type': 'application/xml' } });
  const answers: Record<string, () => Response> = {
    CreateUploadVideo: () => Response.json(grant()),
    RefreshUploadVideo: () => Response.json(grant()),
    CreateUploadImage: () => Response.json(grant({ ImageId: 'i', ImageURL: 'https://img.test/i.png' })),
    CreateUploadAttachedMedia: () =>
      Response.json(grant({ MediaId: 'm', MediaURL: 'https://img.test/m.vtt' })),
    GetUploadDetails: () =>
      Response.json({ RequestId: 'r', UploadDetails: [{ MediaId: videoId, Status: 'Uploading' }] }),
    GetMezzanineInfo: () => Response.json({ RequestId: 'r', Mezzanine: {} }),
    GetVideoInfos: () => Response.json({ RequestId: 'r', VideoList: [] }),
    GetPlayInfo: () => Response.json({ RequestId: 'r', PlayInfoList: { PlayInfo: [] } }),
    UpdateVideoInfo: () => Response.json({ RequestId: 'r' }),
    DeleteVideo: () => Response.json({ RequestId: 'r' }),
    initiate: () =>
      xml('<InitiateMultipartUploadResult><UploadId>U1</UploadId></InitiateMultipartUploadResult>'),
    list: () => xml('<ListPartsResult><IsTruncated>false</IsTruncated></ListPartsResult>'),
    complete: () => xml('<CompleteMultipartUploadResult><ETag>"x"</ETag></CompleteMultipartUploadResult>'),
    abort: () => new Response(null, { status: 204 }),
  };
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    const headers = new Headers(init?.headers);
    const ossStep =
      { POST: url.searchParams.has('uploads') ? 'initiate' : 'complete', GET: 'list', DELETE: 'abort' }[
        request.method
      ] ?? 'unknown';
    const step = url.hostname.startsWith('vod.')
      ? (headers.get('x-acs-action') ?? url.searchParams.get('Action') ?? '')
      : ossStep;
    const one: Seen = { step, method: request.method, url, headers, body: await request.text() };
    seen.push(one);
    const scripted = scripts.get(step)?.shift();
    const answer = typeof scripted === 'function' ? scripted(one) : scripted;
    if (answer instanceof Error) throw answer;
    return answer ?? answers[step]?.() ?? new Response(null, { status: 500 });
  };
  return {
    fetch,
    seen,
    steps: () => seen.map(({ step }) => step),
    script: (step: string, ...next: (Answer | ((request: Seen) => Answer))[]) => scripts.set(step, next),
  };
}

function open(options: Partial<AlibabaVodOptions> = {}) {
  const cloud = fakeAlibaba();
  let nonce = 0;
  const { accessKeyId, accessKeySecret } = secrets;
  const provider = alibabaVod({
    credentials: { accessKeyId, accessKeySecret },
    fetch: cloud.fetch,
    now,
    nonce: () => `nonce-${nonce++}`,
    singlePutMaxBytes: 1000,
    retry: { sleep: () => Promise.resolve(), random: () => 0 },
    ...options,
  });
  return { cloud, provider };
}

const upload = (sizeBytes: number) => ({
  clientId: 'c',
  fileName: 'a.mp4',
  contentType: 'video/mp4',
  sizeBytes,
});

async function startOf(
  { provider }: ReturnType<typeof open>,
  sizeBytes = 5000,
): Promise<Session<AlibabaVodState>> {
  const started = await provider.start(upload(sizeBytes), fakeContext());
  if (started === 'checksum-required') throw new Error('No checksum is needed.');
  return {
    id: 's',
    fileName: 'a.mp4',
    sizeBytes,
    mediaId: started.mediaId,
    transfer: started.transfer,
    state: started.state,
  };
}

const vodError = (Code: string, status = 400) =>
  Response.json({ RequestId: 'r', Code, Message: 'm' }, { status });
const ossError = (code: string, status: number, more = '') =>
  new Response(`<Error><Code>${code}</Code>${more}</Error>`, { status });

describe('VOD calls of alibaba-vod', () => {
  it('sends VOD calls as POST with all parameters in the query and an ACS3 signature', async () => {
    const world = open();
    await startOf(world, 10);
    const [create] = world.cloud.seen;
    expect(create?.url.origin).toBe('https://vod.cn-shanghai.aliyuncs.com');
    expect([create?.method, create?.body, Object.fromEntries(create?.url.searchParams ?? [])]).toEqual([
      'POST',
      '',
      { Title: 'a.mp4', FileName: 'a.mp4', FileSize: '10' },
    ]);
    expect(create?.headers.get('x-acs-signature-nonce')).toBe('nonce-0');
    expect(create?.headers.get('authorization')).toMatch(
      /^ACS3-HMAC-SHA256 Credential=LTAIKEYSECRET,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=[0-9a-f]{64}$/,
    );
  });

  it('signs VOD calls with RPC V1 when configured and requests temporary keys for each call', async () => {
    let asked = 0;
    const world = open({
      signature: 'v1',
      region: 'eu-central-1',
      credentials: () =>
        Promise.resolve({ accessKeyId: `STS.${asked++}`, accessKeySecret: 's', securityToken: 't' }),
    });
    await startOf(world, 10);
    await startOf(world, 10);
    const [first, second] = world.cloud.seen.map(({ url }) => url.searchParams);
    expect([first?.get('AccessKeyId'), second?.get('AccessKeyId')]).toEqual(['STS.0', 'STS.1']);
    expect(Object.fromEntries(first ?? [])).toMatchObject({
      Action: 'CreateUploadVideo',
      Version: '2017-03-21',
      Format: 'JSON',
      SignatureMethod: 'HMAC-SHA1',
      SecurityToken: 't',
      Timestamp: '2026-03-30T08:00:00Z',
      Signature: expect.any(String) as string,
    });
    expect(world.cloud.seen[0]?.url.hostname).toBe('vod.eu-central-1.aliyuncs.com');
  });

  it('sends a new nonce with each attempt', async () => {
    const world = open();
    world.cloud.script('CreateUploadVideo', vodError('Throttling.User'), vodError('SignatureNonceUsed'));
    await startOf(world, 10);
    expect(world.cloud.seen.map(({ headers }) => headers.get('x-acs-signature-nonce'))).toEqual([
      'nonce-0',
      'nonce-1',
      'nonce-2',
    ]);
  });

  it.each(['Forbidden', 'InvalidParameter', 'InternalError', 'ServiceUnAvailable'])(
    'does not repeat a creation call after %s',
    async (code) => {
      const world = open();
      world.cloud.script('CreateUploadVideo', vodError(code, 503));
      await expect(startOf(world)).rejects.toMatchObject({ vendor: { code } });
      expect(world.cloud.steps()).toEqual(['CreateUploadVideo']);
    },
  );

  it('makes no VOD call for a file that it refuses', async () => {
    const { provider, cloud } = open();
    for (const wrong of [
      { ...upload(5), fileName: 'a.txt', contentType: 'text/plain' },
      upload(50 * 1024 ** 4),
    ])
      await expect(provider.start(wrong, fakeContext())).rejects.toMatchObject({ code: 'file-refused' });
    expect(cloud.seen).toEqual([]);
  });

  it('makes no VOD call after the browser has disconnected', async () => {
    const { provider, cloud } = open();
    await expect(
      provider.start(upload(5), fakeContext(AbortSignal.abort(new Error('gone')))),
    ).rejects.toThrow('gone');
    expect(cloud.seen).toEqual([]);
  });
});

describe('signed requests of alibaba-vod', () => {
  it.each<[AlibabaVodOptions['ossSignature'], string, string[]]>([
    [
      'v4',
      '5',
      [
        'partNumber',
        'uploadId',
        'x-oss-credential',
        'x-oss-date',
        'x-oss-expires',
        'x-oss-security-token',
        'x-oss-signature',
        'x-oss-signature-version',
      ],
    ],
    ['v1', '5', ['Expires', 'OSSAccessKeyId', 'Signature', 'partNumber', 'security-token', 'uploadId']],
  ])(
    'signs %s URLs that expire one minute before the credentials',
    async (ossSignature, partNumber, names) => {
      const world = open({ ossSignature: ossSignature ?? 'v4' });
      const session = await startOf(world);
      const md5Base64 = 'XUFAKrxLKna5cZ2REBfFkg==';
      const signed = await world.provider.sign(
        session,
        [{ partNumber: Number(partNumber), sizeBytes: 1, md5Base64 }],
        fakeContext(),
      );
      const [request] = signed.outcome === 'signed' ? signed.requests : [];
      const url = new URL(request?.url ?? '');
      expect([url.origin, url.pathname]).toEqual([
        'https://outin-b.oss-cn-shanghai.aliyuncs.com',
        '/sv/1/1.mp4',
      ]);
      expect([...url.searchParams.keys()].sort()).toEqual(names);
      expect(request).toMatchObject({
        partNumber: 5,
        method: 'PUT',
        headers: { 'Content-Type': 'application/octet-stream', 'Content-MD5': md5Base64 },
        expiresInMs: 49 * 60_000,
      });
      expect(world.cloud.steps()).toEqual(['CreateUploadVideo', 'initiate']);
    },
  );

  it('refuses to sign a second part of a single PUT upload', async () => {
    const world = open();
    const session = await startOf(world, 10);
    await expect(
      world.provider.sign(session, [{ partNumber: 2, sizeBytes: 1 }], fakeContext()),
    ).rejects.toMatchObject({ code: 'invalid-request' });
  });

  it('refuses a ticket state of another version', async () => {
    const world = open();
    const session = { ...(await startOf(world)), state: { kind: 'other' } as unknown as AlibabaVodState };
    await expect(world.provider.list(session, fakeContext())).rejects.toMatchObject({
      code: 'ticket-invalid',
    });
  });
});

describe('complete of alibaba-vod', () => {
  const parts = [{ partNumber: 1, sizeBytes: 5000, md5Base64: 'XUFAKrxLKna5cZ2REBfFkg==' }];
  const finish = async (world: ReturnType<typeof open>, isRepeat = false) =>
    world.provider.complete(await startOf(world), parts, { isRepeat }, fakeContext());

  it('sends part MD5s in upper case when the store denies listing', async () => {
    const world = open();
    world.cloud.script('list', ossError('AccessDenied', 403));
    await finish(world);
    const complete = world.cloud.seen.find(({ body }) => body.startsWith('<CompleteMultipartUpload>'));
    expect(complete?.body).toBe(
      '<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"5D41402ABC4B2A76B9719D911017C592"</ETag></Part></CompleteMultipartUpload>',
    );
    expect(complete?.headers.get('content-type')).toBe('application/xml');
  });

  it('detects an error inside an HTTP 200 and treats NoSuchUpload after a lost reply as completed', async () => {
    const world = open({ listParts: false, retry: { sleep: () => Promise.resolve(), tries: 2 } });
    world.cloud.script(
      'complete',
      new Response('<Error><Code>InternalError</Code></Error>'),
      ossError('NoSuchUpload', 404),
    );
    const said = (Status: string) => Response.json({ UploadDetails: [{ MediaId: videoId, Status }] });
    world.cloud.script('GetUploadDetails', said('Uploading'), said('UploadSucc'));
    expect(await finish(world)).toMatchObject({ outcome: 'completed' });
  });

  it('does not believe in a completion after a lost reply while the service has no file', async () => {
    const world = open({ listParts: false, retry: { sleep: () => Promise.resolve(), tries: 2 } });
    world.cloud.script('complete', new Error('ECONNRESET'), ossError('NoSuchUpload', 404));
    await expect(finish(world)).rejects.toMatchObject({ code: 'upload-not-found' });
  });

  it.each<[string, string]>([
    ['Normal', 'completed'],
    ['UploadSucc', 'completed'],
    ['Transcoding', 'completed'],
    ['Uploading', 'upload-not-found'],
    ['UploadFail', 'upload-not-found'],
  ])(
    'treats a missing multipart upload of a video in status %s as %s on a repeat',
    async (Status, outcome) => {
      const world = open({ listParts: false });
      world.cloud.script('complete', ossError('NoSuchUpload', 404));
      world.cloud.script(
        'GetUploadDetails',
        Response.json({ UploadDetails: [{ MediaId: videoId, Status }] }),
      );
      expect(
        await finish(world, true).then(
          ({ outcome: told }) => told,
          ({ code }: { code: string }) => code,
        ),
      ).toBe(outcome);
    },
  );

  it('does not ask VOD for the video status on a first completion', async () => {
    const world = open({ listParts: false });
    world.cloud.script('complete', ossError('NoSuchUpload', 404));
    await expect(finish(world)).rejects.toMatchObject({ code: 'upload-not-found' });
    expect(world.cloud.steps()).not.toContain('GetUploadDetails');
  });

  it('refuses a part list that does not add up to the file size', async () => {
    const world = open();
    const session = await startOf(world);
    await expect(
      world.provider.complete(session, [{ partNumber: 1, sizeBytes: 1 }], { isRepeat: false }, fakeContext()),
    ).rejects.toMatchObject({ code: 'invalid-request' });
  });

  it('makes no VOD call to confirm an uploaded file', async () => {
    const world = open();
    const session = await startOf(world);
    const before = world.cloud.seen.length;
    expect(await world.provider.confirm(session, 'uploaded', fakeContext())).toBeUndefined();
    expect(world.cloud.seen).toHaveLength(before);
  });
});

it('exposes no secret in a refusal that repeats the vendor’s text', async () => {
  const echo = (request: Seen) =>
    Response.json(
      { Code: 'InvalidParameter', Message: `${request.url.href} ${[...request.headers.values()].join(' ')}` },
      { status: 400 },
    );
  const failures: (Answer | ((request: Seen) => Answer))[] = [
    echo,
    Object.assign(new TypeError(`fetch failed ${secrets.token}`), { cause: { code: 'ECONNRESET' } }),
    new Response(`<html>${secrets.stsSecret}</html>`),
    Response.json({ VideoId: 7, UploadAuth: secrets.stsSecret }),
    Response.json(grant({ UploadAuth: btoa(`{"AccessKeySecret":"${secrets.stsSecret}"`) })),
    ossError(`SignatureDoesNotMatch`, 403, `<StringToSign>${secrets.token}</StringToSign>`),
  ];
  for (const failure of failures) {
    for (const step of [
      'CreateUploadVideo',
      'initiate',
      'list',
      'complete',
      'abort',
      'GetUploadDetails',
      'DeleteVideo',
      'RefreshUploadVideo',
    ]) {
      const { provider, cloud } = open();
      const told: string[] = [];
      const endpoint = createTokenEndpoint({
        providers: [provider],
        authorize: () => ({ id: 'ada' }),
        secret: 'a secret of more than thirty-two characters',
        now,
        onError: (error) => void told.push(dump(error)),
      });
      const post = async (operation: string, body: unknown) => {
        const text = await (
          await endpoint(
            new Request(`https://host.test/${operation}`, {
              method: 'POST',
              headers: { 'Content-Type': 'application/json' },
              body: JSON.stringify(body),
            }),
          )
        ).text();
        const { results = [] } = JSON.parse(text) as {
          results?: { outcome: string; session?: { ticket: string } }[];
        };
        told.push(
          ...results.filter(({ outcome }) => outcome === 'refused').map((result) => JSON.stringify(result)),
        );
        return results[0]?.session?.ticket;
      };
      const ticket = await post('start', { provider: 'alibaba-vod', uploads: [upload(5000)] });
      cloud.script(
        step,
        ...Array.from({ length: 9 }, () => (failure instanceof Response ? () => failure.clone() : failure)),
      );
      await post('start', { provider: 'alibaba-vod', uploads: [upload(5000)] });
      await post('list', { items: [{ ticket }] });
      await post('finish', {
        items: [{ ticket, status: 'uploaded', isRepeat: true, parts: [{ partNumber: 1, sizeBytes: 5000 }] }],
      });
      await post('finish', { items: [{ ticket, status: 'canceled' }] });
      await post('details', { items: [{ ticket }] });
      for (const secret of Object.values(secrets)) expect(told.join('\n')).not.toContain(secret);
      expect(told.join('\n')).not.toMatch(/x-oss-signature=|Signature=[0-9a-f]{64}/);
    }
  }
});

/** Everything that a log could print of an error. */
function dump(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error) ?? '';
  return [error.message, error.stack, JSON.stringify({ ...error }), dump(error.cause)].join('\n');
}
