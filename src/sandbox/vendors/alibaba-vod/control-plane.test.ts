import { afterEach, describe, expect, it } from 'vitest';
import { startSandbox, type AlibabaSettings, type RunningSandbox } from '../../index.js';
import {
  openApiClient,
  ossClient,
  popClient,
  uploadTargetOf,
  type Answer,
} from '../../test-support/alibaba-clients.js';
import { addFault, look } from '../../test-support/raw-client.js';
import { vendorXmlStyle } from '../../http/xml-style.js';
import { answerDocument } from './xml.js';

let sandbox: RunningSandbox;
let offsetMs = 0;
afterEach(() => sandbox.close());

async function open(
  settings: Partial<AlibabaSettings> = {},
): Promise<(action: string, params?: Record<string, string>) => Promise<Answer>> {
  offsetMs = 0;
  sandbox = await startSandbox({
    processingMs: 1000,
    now: () => Date.now() + offsetMs,
    alibaba: { settings },
  });
  return openApiClient(sandbox);
}

interface Refusal {
  code?: string;
  statusCode?: number;
}

async function refusal(
  call: Promise<unknown>,
): Promise<[code: string | undefined, status: number | undefined]> {
  return call.then(
    () => ['it succeeded', 200],
    ({ code, statusCode }: Refusal) => [code, statusCode],
  );
}

const video = { Title: 'a', FileName: 'a.mp4' };
const put = (grant: Answer, body = 'a video') =>
  ossClient(sandbox, uploadTargetOf(grant)).put(uploadTargetOf(grant).key, Buffer.from(body));
const decoded = (base64: string) =>
  JSON.parse(Buffer.from(base64, 'base64').toString()) as Record<string, string>;
const statusOf = async (call: Awaited<ReturnType<typeof open>>, id: string) =>
  (await call('GetUploadDetails', { MediaIds: id })).UploadDetails[0]?.['Status'];

describe('parameters', () => {
  it.each<[string, Record<string, string>, string, number]>([
    ['CreateUploadVideo', { FileName: 'a.mp4' }, 'MissingParameter', 400],
    ['CreateUploadVideo', { Title: 'a' }, 'MissingParameter', 400],
    ['CreateUploadVideo', { ...video, FileName: 'a.exe' }, 'InvalidFileName.Extension', 400],
    ['CreateUploadVideo', { ...video, Title: 'a'.repeat(129) }, 'LengthExceededMax', 400],
    ['CreateUploadVideo', { ...video, Title: 'a 🎬' }, 'IllegalCharacters', 400],
    ['CreateUploadVideo', { ...video, Description: 'a'.repeat(1025) }, 'LengthExceededMax', 400],
    [
      'CreateUploadVideo',
      { ...video, Tags: Array.from({ length: 17 }, (_, i) => i).join(',') },
      'TagsExceededMax',
      400,
    ],
    ['CreateUploadVideo', { ...video, Tags: 'a'.repeat(33) }, 'LengthExceededMax', 400],
    ['CreateUploadVideo', { ...video, FileSize: 'much' }, 'InvalidParameter', 400],
    ['CreateUploadVideo', { ...video, CateId: 'x' }, 'InvalidParameter', 400],
    ['CreateUploadVideo', { ...video, UserData: '[' }, 'InvalidParameter', 400],
    [
      'CreateUploadVideo',
      { ...video, UserData: JSON.stringify({ Extend: { a: 'a'.repeat(513) } }) },
      'LengthExceededMax',
      400,
    ],
    ['CreateUploadVideo', { ...video, TemplateGroupId: 'none' }, 'InvalidTemplateGroupId.NotFound', 404],
    ['CreateUploadVideo', { ...video, StorageLocation: 'elsewhere' }, 'InvalidStorage.NotFound', 404],
    ['RefreshUploadVideo', {}, 'MissingParameter', 400],
    ['RefreshUploadVideo', { VideoId: 'x' }, 'InvalidVideo.NotFound', 404],
    ['CreateUploadImage', {}, 'MissingParameter', 400],
    ['CreateUploadImage', { ImageType: 'poster' }, 'InvalidParameter', 400],
    ['CreateUploadImage', { ImageType: 'cover', ImageExt: 'bmp' }, 'InvalidParameter', 400],
    ['CreateUploadAttachedMedia', { MediaExt: 'vtt' }, 'MissingParameter', 400],
    ['CreateUploadAttachedMedia', { BusinessType: 'subtitle' }, 'MissingParameter', 400],
    ['CreateUploadAttachedMedia', { BusinessType: 'subtitle', MediaExt: 'mov' }, 'InvalidParameter', 400],
    [
      'CreateUploadAttachedMedia',
      { BusinessType: 'watermark', MediaExt: 'mov', CateIds: '1,2,3,4,5,6' },
      'InvalidParameter',
      400,
    ],
    ['GetUploadDetails', {}, 'MissingParameter', 400],
    ['GetUploadDetails', { MediaIds: 'x', MediaType: 'image' }, 'InvalidParameter', 400],
    ['GetVideoInfo', { VideoId: 'x' }, 'InvalidVideo.NotFound', 404],
    ['GetVideoInfos', { VideoIds: 'x,y' }, 'InvalidVideo.NotFound', 404],
    ['GetMezzanineInfo', { VideoId: 'x' }, 'InvalidVideo.NotFound', 404],
    ['GetPlayInfo', { VideoId: 'x' }, 'InvalidVideo.NotFound', 404],
    ['UpdateVideoInfo', { VideoId: 'x' }, 'InvalidVideo.NotFound', 404],
    ['DeleteVideo', { VideoIds: 'x' }, 'InvalidVideo.NotFound', 404],
    [
      'DeleteVideo',
      { VideoIds: Array.from({ length: 21 }, (_, i) => i).join(',') },
      'VideoIdsExceededMax',
      400,
    ],
    ['DeleteMultipartUpload', { MediaId: 'x', MediaType: 'video' }, 'InvalidVideo.NotFound', 400],
    ['DeleteMultipartUpload', { MediaId: 'x', MediaType: 'image' }, 'InvalidParameter', 400],
    ['MakeCoffee', {}, 'InvalidAction.NotFound', 404],
  ])('refuses the parameters of %s %j with %s', async (action, params, code, status) => {
    const call = await open();
    expect(await refusal(call(action, params))).toEqual([code, status]);
  });

  it('accepts a path as FileName, in any letter case', async () => {
    const call = await open();
    expect(await call('CreateUploadVideo', { Title: 'a', FileName: 'C:\\videos\\A.MP4' })).toHaveProperty(
      'VideoId',
    );
  });
});

describe('answers', () => {
  it("answers with the fields of the documentation's samples", async () => {
    const call = await open();
    const created = await call('CreateUploadVideo', video);
    expect(created.VideoId).toMatch(/^[0-9a-f]{32}$/);
    expect(decoded(created.UploadAddress)).toEqual({
      Endpoint: sandbox.url,
      Bucket: 'outin-sandbox-cn-shanghai',
      FileName: expect.stringMatching(/^sv\/([0-9a-f-]+)\/\1\.mp4$/) as string,
    });
    expect(decoded(created.UploadAuth)).toMatchObject({
      AccessKeyId: expect.stringMatching(/^STS\.N/) as string,
      Expiration: '3000',
      ExpireUTCTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
      Region: 'cn-shanghai',
    });
    const image = await call('CreateUploadImage', { ImageType: 'cover' });
    expect(decoded(image.UploadAddress)['FileName']).toMatch(/^image\/cover\/[0-9A-F]+-6-2\.png$/);
  });

  it('answers XML to RPC v1 by default, and JSON to V3', async () => {
    await open();
    // The vendor's client reads JSON only.
    await expect(
      popClient(sandbox).request('GetUploadDetails', { MediaIds: 'x', Format: 'XML' }),
    ).rejects.toThrow();
    expect(
      answerDocument(vendorXmlStyle, 'AResponse', { RequestId: 'r', Ids: ['a', 'b&'], Video: { Size: 1 } }),
    ).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><AResponse><RequestId>r</RequestId><Ids>a</Ids><Ids>b&amp;</Ids><Video><Size>1</Size></Video></AResponse>',
    );
    const bare = await fetch(`${sandbox.url}/?Action=GetUploadDetails&Version=2017-03-21&MediaIds=x`);
    expect([bare.status, bare.headers.get('content-type')]).toEqual([400, 'text/xml;charset=utf-8']);
    expect(await bare.text()).toMatch(
      /^<\?xml version="1\.0" encoding="UTF-8"\?><Error><RequestId>.+<Code>MissingParameter<\/Code>/,
    );
    const wrong = await fetch(
      `${sandbox.url}/?Action=GetUploadDetails&Version=2014-05-26&Format=JSON&SignatureMethod=HMAC-SHA1`,
    );
    expect(await wrong.json()).toMatchObject({
      Code: 'InvalidVersion',
      HostId: `127.0.0.1:${sandbox.port}`,
      Recommend: expect.stringContaining('InvalidVersion') as string,
    });
  });

  it('answers without CORS headers, as keys belong on servers', async () => {
    await open();
    const preflight = await fetch(sandbox.url, {
      method: 'OPTIONS',
      headers: {
        Origin: 'https://page.test',
        'Access-Control-Request-Method': 'POST',
        'x-acs-action': 'GetUploadDetails',
      },
    });
    expect([preflight.status, preflight.headers.has('access-control-allow-origin')]).toEqual([404, false]);
  });

  it('answers 501 to actions that are not emulated', async () => {
    const call = await open();
    expect((await refusal(call('RegisterMedia')))[1]).toBe(501);
  });
});

describe('a video', () => {
  it('moves a video from Uploading to Transcoding to Normal by the clock', async () => {
    const call = await open();
    const created = await call('CreateUploadVideo', video);
    expect(await statusOf(call, created.VideoId)).toBe('Uploading');
    expect(await refusal(call('GetPlayInfo', { VideoId: created.VideoId }))).toEqual([
      'Forbidden.IllegalStatus',
      403,
    ]);
    await put(created);
    expect(await statusOf(call, created.VideoId)).toBe('Transcoding');
    offsetMs = 2000;
    expect(await statusOf(call, created.VideoId)).toBe('Normal');
    expect(await refusal(call('GetPlayInfo', { VideoId: created.VideoId, Formats: 'flv' }))).toEqual([
      'InvalidVideo.NoneStream',
      404,
    ]);
    expect(await look(sandbox, 'media')).toMatchObject([
      {
        provider: 'alibaba-vod',
        mediaId: created.VideoId,
        status: 'Normal',
        fields: { kind: 'video', title: 'a' },
      },
    ]);
  });

  it.each(['TranscodeFail', 'Blocked', 'UploadFail'] as const)(
    'ends a video as %s by setting, or by a rule on its complete request',
    async (mediaStatus) => {
      const call = await open({ mediaStatus });
      const created = await call('CreateUploadVideo', video);
      await put(created);
      offsetMs = 2000;
      expect(await statusOf(call, created.VideoId)).toBe(mediaStatus);
      await addFault(sandbox, { action: 'PutObject' }, { mediaStatus: 'ProduceFail' });
      const other = await call('CreateUploadVideo', video);
      await put(other);
      offsetMs = 5000;
      expect(await statusOf(call, other.VideoId)).toBe('ProduceFail');
      if (mediaStatus === 'UploadFail')
        expect(await refusal(call('RefreshUploadVideo', { VideoId: created.VideoId }))).toEqual([
          'InvalidVideo.Damaged',
          400,
        ]);
    },
  );

  it.each([
    ['a.mp4', 'Normal'],
    ['a.mkv', 'UploadSucc'],
  ])('ends %s as %s without transcoding', async (FileName, status) => {
    const call = await open({ transcoding: 'none' });
    const created = await call('CreateUploadVideo', { ...video, FileName });
    await put(created);
    offsetMs = 2000;
    expect(await statusOf(call, created.VideoId)).toBe(status);
  });

  it('deletes the parts of a video by DeleteMultipartUpload and DeleteVideo', async () => {
    const call = await open();
    const created = await call('CreateUploadVideo', video);
    const { key, ...keys } = uploadTargetOf(created);
    await ossClient(sandbox, keys).initMultipartUpload(key);
    await call('DeleteMultipartUpload', { MediaId: created.VideoId, MediaType: 'video' });
    expect(
      await refusal(call('DeleteMultipartUpload', { MediaId: created.VideoId, MediaType: 'video' })),
    ).toEqual(['InvalidMultipartUpload.NotFound', 400]);
    await ossClient(sandbox, keys).initMultipartUpload(key);
    await call('DeleteVideo', { VideoIds: created.VideoId });
    expect(await look(sandbox, 'uploads')).toEqual([]);
  });

  it('reports the bytes of a video stored so far', async () => {
    const call = await open();
    const created = await call('CreateUploadVideo', { ...video, FileSize: '400' });
    const { key, ...keys } = uploadTargetOf(created);
    const oss = ossClient(sandbox, keys);
    const { uploadId } = await oss.initMultipartUpload(key);
    await oss.uploadPart(key, uploadId, 1, Buffer.alloc(100), 0, 100);
    expect((await call('GetUploadDetails', { MediaIds: created.VideoId })).UploadDetails).toMatchObject([
      {
        UploadSize: 100,
        UploadRatio: 0.25,
        FileSize: 400,
        UploadStatus: 'Uploading',
        UploadSource: 'WebSDK',
      },
    ]);
  });
});

describe('what the pages leave open', () => {
  it.each([
    ['number', 0.5],
    ['string', '0.5'],
  ] as const)('writes the numbers of GetUploadDetails as %s', async (detailsNumbers, ratio) => {
    const call = await open({ detailsNumbers });
    const created = await call('CreateUploadVideo', { ...video, FileSize: '14' });
    await put(created);
    expect((await call('GetUploadDetails', { MediaIds: created.VideoId })).UploadDetails).toMatchObject([
      { UploadRatio: ratio },
    ]);
  });

  it.each([
    [['Uploading', 'SUCCESS'], true],
    [['UPLOADING', 'UPLOAD_SUCCESS'], false],
  ] as const)(
    'names the upload states %j, with progress reported: %s',
    async (uploadStatusNames, progressReported) => {
      const call = await open({ uploadStatusNames, progressReported });
      const created = await call('CreateUploadVideo', video);
      const detail = async () =>
        (await call('GetUploadDetails', { MediaIds: created.VideoId })).UploadDetails[0] ?? {};
      expect(await detail()).toMatchObject({ UploadStatus: uploadStatusNames[0] });
      expect('UploadRatio' in (await detail())).toBe(progressReported);
      await put(created);
      expect(await detail()).toMatchObject({
        UploadStatus: uploadStatusNames[1],
        CompletionTime: expect.any(String) as string,
      });
    },
  );

  it.each([
    ['200', 'it succeeded'],
    ['404', 'InvalidVideo.NotFound'],
  ] as const)('answers GetUploadDetails for unknown ids with %s', async (unknownMedia, outcome) => {
    const call = await open({ unknownMedia });
    expect((await refusal(call('GetUploadDetails', { MediaIds: 'x,y' })))[0]).toBe(outcome);
  });

  it('lists forbidden ids separately', async () => {
    const call = await open({ forbiddenMediaIds: ['secret'] });
    expect(await call('GetUploadDetails', { MediaIds: 'secret,x' })).toMatchObject({
      ForbiddenMediaIds: ['secret'],
      NonExistMediaIds: ['x'],
      UploadDetails: [],
    });
    expect(await call('DeleteVideo', { VideoIds: 'secret,x' })).toMatchObject({
      ForbiddenVideoIds: ['secret'],
      NonExistVideoIds: ['x'],
    });
  });

  it.each([
    ['same', true],
    ['another', false],
  ] as const)('answers RefreshUploadVideo with %s key', async (refreshedKey, isSame) => {
    const call = await open({ refreshedKey });
    const created = await call('CreateUploadVideo', video);
    const refreshed = await call('RefreshUploadVideo', { VideoId: created.VideoId });
    expect(uploadTargetOf(refreshed).key === uploadTargetOf(created).key).toBe(isSame);
  });

  it.each([true, false])('adds the expiry to UploadAuth: %s', async (authHasExpireTime) => {
    const call = await open({
      authHasExpireTime,
      stsLifetimeSeconds: 600,
      ossEndpoint: 'https://oss-cn-shanghai.aliyuncs.com',
    });
    const created = await call('CreateUploadVideo', video);
    expect(Object.keys(decoded(created.UploadAuth)).length).toBe(authHasExpireTime ? 6 : 4);
    expect([decoded(created.UploadAuth)['Expiration'], decoded(created.UploadAddress)['Endpoint']]).toEqual([
      '600',
      'https://oss-cn-shanghai.aliyuncs.com',
    ]);
  });

  it.each([
    ['403', 'Forbidden.IllegalStatus'],
    ['200', 'it succeeded'],
  ] as const)('answers UpdateVideoInfo during an upload with %s', async (updateWhileUploading, outcome) => {
    const call = await open({ updateWhileUploading });
    const { VideoId } = await call('CreateUploadVideo', video);
    expect((await refusal(call('UpdateVideoInfo', { VideoId, Title: 'b' })))[0]).toBe(outcome);
  });

  it.each([
    [400, 404],
    [429, 403],
  ] as const)(
    'answers throttling and unknown keys with the statuses %i and %i',
    async (throttlingStatus, unknownKeyStatus) => {
      const call = await open({ throttlingStatus, unknownKeyStatus });
      await addFault(
        sandbox,
        { provider: 'alibaba-vod', plane: 'control', action: 'GetUploadDetails' },
        { status: 429 },
      );
      expect(await refusal(call('GetUploadDetails', { MediaIds: 'x' }))).toEqual([
        'Throttling.User',
        throttlingStatus,
      ]);
      expect(
        await refusal(
          openApiClient(sandbox, { accessKeyId: 'nobody' })('GetUploadDetails', { MediaIds: 'x' }),
        ),
      ).toEqual(['InvalidAccessKeyId.NotFound', unknownKeyStatus]);
    },
  );

  it.each(['SecurityTokenExpired', 'InvalidAccessKeyId'] as const)(
    'answers expired credentials of an upload with %s',
    async (expiredKeyCode) => {
      const call = await open({ expiredKeyCode, stsLifetimeSeconds: 60 });
      const created = await call('CreateUploadVideo', video);
      offsetMs = 61_000;
      expect((await refusal(put(created)))[0]).toBe(expiredKeyCode);
    },
  );

  it('expires the temporary keys of the tenant after an hour', async () => {
    await open();
    const { temporary } = sandbox.credentials.alibabaVod;
    offsetMs = 3600_000;
    const answer = await fetchSignedAt(temporary);
    expect(answer).toBe('InvalidSecurityToken.Expired');
  });
});

/** The vendor's client uses the system clock; without an explicit time its requests are an hour early. */
async function fetchSignedAt(keys: {
  accessKeyId: string;
  accessKeySecret: string;
  securityToken: string;
}): Promise<string | undefined> {
  const Timestamp = new Date(Date.now() + offsetMs).toISOString().replace(/\.\d+/, '');
  return popClient(sandbox, keys)
    .request('GetUploadDetails', { MediaIds: 'x', Timestamp })
    .then(
      () => 'it succeeded',
      (error: Refusal) => error.code,
    );
}
