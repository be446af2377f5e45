import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type RunningSandbox } from '../../start.js';
import {
  openApiClient,
  ossClient,
  popClient,
  uploadTargetOf,
  type Answer,
  type ClientKeys,
} from '../../test-support/alibaba-clients.js';
import { startTamperer, type Tampered, type Tamperer } from '../../test-support/tamper.js';

let sandbox: RunningSandbox;
let tamperer: Tamperer;
let offsetMs: number;
beforeEach(async () => {
  offsetMs = 0;
  sandbox = await startSandbox({ processingMs: 0, now: () => Date.now() + offsetMs });
  tamperer = await startTamperer(sandbox.port);
});
afterEach(async () => {
  await tamperer.close();
  await sandbox.close();
});

type Call = (action: string, params?: Record<string, string>) => Promise<Answer>;
type Connect = (keys?: ClientKeys) => Call;

const clients: [name: string, connect: Connect][] = [
  ['pop-core by GET', (keys) => (action, params) => popClient(sandbox, keys).request(action, params)],
  [
    'pop-core by POST',
    (keys) => (action, params) => popClient(sandbox, keys).request(action, params, { method: 'POST' }),
  ],
  ['openapi-core', (keys) => openApiClient(sandbox, keys)],
  [
    'openapi-core with the older signature',
    (keys) => openApiClient(sandbox, { ...keys, signatureAlgorithm: 'v2' }),
  ],
];

/** The code with which the vendor's client rejects. */
async function codeOf(call: Promise<unknown>): Promise<string | undefined> {
  return call.then(
    () => 'it succeeded',
    (error: { code?: string }) => error.code,
  );
}

describe.each(clients)('%s', (_, connect) => {
  it('creates a video, uploads it, reads it, updates it and deletes it', async () => {
    const call = connect();
    const created = await call('CreateUploadVideo', {
      Title: "休日 clip (1)*~!'",
      FileName: 'clip.mp4',
      FileSize: '7',
      Tags: 'a,b',
      UserData: '{"Extend":{"localId":"a+b/c"}}',
      TemplateGroupId: 'sandbox-template-group',
    });
    const { VideoId } = created;
    expect(
      (await call('GetUploadDetails', { MediaIds: VideoId, MediaType: 'video' })).UploadDetails,
    ).toMatchObject([{ MediaId: VideoId, Status: 'Uploading', UploadRatio: 0 }]);
    const refreshed = await call('RefreshUploadVideo', { VideoId });
    const target = uploadTargetOf(refreshed);
    expect(target).toMatchObject({ key: uploadTargetOf(created).key, bucket: 'outin-sandbox-cn-shanghai' });
    await ossClient(sandbox, target).put(target.key, Buffer.from('a video'));
    const details = await call('GetUploadDetails', { MediaIds: `${VideoId},unknown` });
    expect(details).toMatchObject({
      UploadDetails: [
        { Status: 'Normal', UploadSize: 7, UploadRatio: 1, FileSize: 7, Title: "休日 clip (1)*~!'" },
      ],
      NonExistMediaIds: ['unknown'],
      ForbiddenMediaIds: [],
    });
    await call('UpdateVideoInfo', { VideoId, CoverURL: 'https://covers.test/a.png' });
    expect(await call('GetVideoInfo', { VideoId })).toMatchObject({
      Video: { VideoId, CoverURL: 'https://covers.test/a.png', Snapshots: { Snapshot: [] } },
    });
    expect(await call('GetVideoInfos', { VideoIds: `${VideoId},x` })).toMatchObject({
      VideoList: [{ VideoId, Snapshots: [] }],
      NonExistVideoIds: ['x'],
    });
    expect(await call('GetMezzanineInfo', { VideoId })).toMatchObject({
      Mezzanine: { Status: 'Normal', Size: 7 },
    });
    const { PlayInfoList } = await call('GetPlayInfo', { VideoId });
    expect(await (await fetch(PlayInfoList.PlayInfo[0]?.PlayURL ?? '')).text()).toBe('a video');
    expect(await call('DeleteVideo', { VideoIds: `${VideoId},y` })).toMatchObject({
      NonExistVideoIds: ['y'],
      ForbiddenVideoIds: [],
    });
    expect(await codeOf(call('GetVideoInfo', { VideoId }))).toBe('InvalidVideo.NotFound');
  });

  it('creates covers and subtitles, each with its own address and credentials', async () => {
    const call = connect();
    const image = await call('CreateUploadImage', { ImageType: 'cover', ImageExt: 'png', Title: 'cover' });
    const subtitle = await call('CreateUploadAttachedMedia', {
      BusinessType: 'subtitle',
      MediaExt: 'vtt',
      Title: 'en',
    });
    for (const [{ key, ...target }, url] of [
      [uploadTargetOf(image), image.ImageURL],
      [uploadTargetOf(subtitle), subtitle.MediaURL],
    ] as const) {
      await ossClient(sandbox, target).put(key, Buffer.from(key));
      expect(await (await fetch(url)).text()).toBe(key);
    }
    const [imageTarget, subtitleTarget] = [uploadTargetOf(image), uploadTargetOf(subtitle)];
    expect(await codeOf(ossClient(sandbox, imageTarget).put(subtitleTarget.key, Buffer.from('x')))).toBe(
      'AccessDenied',
    );
  });

  it('accepts temporary keys only with their token', async () => {
    const { accessKeyId, accessKeySecret, securityToken } = sandbox.credentials.alibabaVod.temporary;
    const read = (keys: ClientKeys) => codeOf(connect(keys)('GetUploadDetails', { MediaIds: 'x' }));
    expect(await read({ accessKeyId, accessKeySecret, securityToken })).toBe('it succeeded');
    expect(await read({ accessKeyId, accessKeySecret })).toBe('MissingSecurityToken');
    expect(await read({ accessKeyId, accessKeySecret, securityToken: 'made-up' })).toBe(
      'InvalidSecurityToken.Malformed',
    );
    expect(await read({ securityToken })).toBe('InvalidSecurityToken.MismatchWithAccessKey');
  });

  it('is refused with a key that is wrong or unknown, and with a clock that is off', async () => {
    const read = (keys: ClientKeys = {}) => codeOf(connect(keys)('GetUploadDetails', { MediaIds: 'x' }));
    expect(await read({ accessKeySecret: 'another' })).toBe('SignatureDoesNotMatch');
    expect(await read({ accessKeyId: 'nobody' })).toBe('InvalidAccessKeyId.NotFound');
    for (offsetMs of [-910_000, 910_000]) expect(await read()).toBe('InvalidTimeStamp.Expired');
  });

  it('is told what is wrong with its parameters', async () => {
    const call = connect();
    expect(await codeOf(call('CreateUploadVideo', { Title: 'a', FileName: 'a.txt' }))).toBe(
      'InvalidFileName.Extension',
    );
    expect(await codeOf(call('CreateUploadVideo', { FileName: 'a.mp4' }))).toBe('MissingParameter');
    expect(await codeOf(call('NoSuchThing'))).toBe('InvalidAction.NotFound');
    expect(
      await codeOf(call('GetUploadDetails', { MediaIds: Array.from({ length: 21 }, (_, i) => i).join(',') })),
    ).toBe('LimitExceeded.MediaIds');
  });
});

const inPath = (from: string, to: string) => (request: Tampered) => {
  request.path = request.path.replace(from, to);
};
const inBody = (from: string, to: string) => (request: Tampered) => {
  request.body = Buffer.from(request.body.toString().replace(from, to));
};
const header = (name: string, value: string) => (request: Tampered) => {
  request.headers[name] = value;
};

it.each<[string, string, (request: Tampered) => void]>([
  ['pop-core by GET', 'a parameter', inPath('mp4', 'mov')],
  [
    'pop-core by GET',
    'the method',
    (request) => {
      request.method = 'POST';
    },
  ],
  ['pop-core by POST', 'the form', inBody('mp4', 'mov')],
  ['openapi-core', 'a parameter', inPath('mp4', 'mov')],
  ['openapi-core', 'the nonce', header('x-acs-signature-nonce', 'another')],
  ['openapi-core', 'the host', header('host', 'vod.example.com')],
  [
    'openapi-core',
    'the body',
    (request) => {
      request.body = Buffer.from('Title=b');
      request.headers['content-length'] = '7';
    },
  ],
  ['openapi-core with the older signature', 'a parameter', inPath('mp4', 'mov')],
])('%s is refused when %s was changed on the way', async (name, _, change) => {
  const connect = clients.find(([candidate]) => candidate === name)?.[1];
  if (!connect) throw new Error(name);
  const call = connect({ port: tamperer.port });
  const create = () => codeOf(call('CreateUploadVideo', { Title: 'a', FileName: 'a.mp4' }));
  expect(await create()).toBe('it succeeded');
  tamperer.change = change;
  expect(await create()).toBe('SignatureDoesNotMatch');
});

it('refuses a signature that was used before', async () => {
  let copy: Tampered | undefined;
  tamperer.change = (request) => {
    copy = { ...request, headers: { ...request.headers } };
  };
  await openApiClient(sandbox, { port: tamperer.port })('GetUploadDetails', { MediaIds: 'x' });
  if (!copy) throw new Error('nothing was sent');
  const { host: _, connection: __, ...headers } = copy.headers as Record<string, string>;
  // Replay the request unchanged.
  tamperer.change = (request) => {
    request.headers = { ...copy?.headers };
  };
  const again = await fetch(`http://127.0.0.1:${tamperer.port}${copy.path}`, {
    method: copy.method,
    headers,
  });
  expect(await again.json()).toMatchObject({ Code: 'SignatureNonceUsed' });
});
