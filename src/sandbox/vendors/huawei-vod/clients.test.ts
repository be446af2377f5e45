import { ClientBuilder } from '@huaweicloud/huaweicloud-sdk-core/ClientBuilder.js';
import { AKSKSigner } from '@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner.js';
import { BasicCredentials } from '@huaweicloud/huaweicloud-sdk-core/auth/BasicCredentials.js';
import type { HcClient } from '@huaweicloud/huaweicloud-sdk-core/HcClient.js';
import { Logger4jInstance } from '@huaweicloud/huaweicloud-sdk-core/logger/log4jLogger.js';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { vodPaths } from '../../../vendors/huawei-vod.js';
import { metastudioPaths } from '../../../vendors/huawei-metastudio.js';
import { startSandbox, type RunningSandbox } from '../../start.js';
import { md5Base64, md5Hex } from '../../test-support/raw-client.js';

/** Huawei's clients, unchanged, against the sandbox: the core of its SDK, which signs, and the OBS client. */
let sandbox: RunningSandbox;
beforeAll(async () => {
  // Silences the client, which prints every refusal.
  Logger4jInstance.level = 'off';
  sandbox = await startSandbox({ processingMs: 0 });
});
afterAll(() => sandbox.close());

type Answer = Record<string, unknown> & { httpStatusCode: number };

function connect(more: { ak?: string; sk?: string; projectId?: string } = {}): {
  call: (
    method: string,
    url: string,
    data?: Record<string, unknown>,
    queryParams?: Record<string, unknown>,
    headers?: Record<string, string>,
  ) => Promise<Answer>;
} {
  const { accessKey, secretKey, projectId } = sandbox.credentials.huaweiVod;
  const credential = new BasicCredentials({ ak: accessKey, sk: secretKey, projectId, ...more });
  const client = new ClientBuilder<HcClient>((core) => core)
    .withEndpoint(sandbox.url)
    .withCredential(credential)
    .build();
  return {
    call: async (method, url, data, queryParams = {}, headers = {}) =>
      (await client.sendRequest({
        method,
        url,
        contentType: 'application/json',
        queryParams,
        pathParams: {},
        headers,
        ...(data && { data }),
      })) as unknown as Answer,
  };
}

const pid = (): string => sandbox.credentials.huaweiVod.projectId;

describe('@huaweicloud/huaweicloud-sdk-core', () => {
  it('signs every call to VOD', async () => {
    const { call } = connect();
    const created = await call('POST', vodPaths.asset(pid()), {
      title: 'a é',
      video_name: 'a.mp4',
      video_type: 'MP4',
    });
    const assetId = created['asset_id'] as string;
    const { bucket, object } = created['target'] as { bucket: string; object: string };
    const authority = await call('GET', vodPaths.authority(pid(), 'v1.1'), undefined, {
      http_verb: 'POST',
      bucket,
      object_key: object,
      content_type: 'video/mp4',
    });
    expect(authority['sign_str']).toMatch(/^http/);
    expect(
      await call('POST', vodPaths.confirm(pid()), { asset_id: assetId, status: 'FAILED' }),
    ).toMatchObject({ httpStatusCode: 200, asset_id: assetId });
    expect(
      await call('PUT', vodPaths.asset(pid()), {
        asset_id: assetId,
        video_name: 'b.mp4',
        video_type: 'MP4',
        cover_type: 'PNG',
      }),
    ).toMatchObject({ cover_upload_url: expect.any(String) as string });
    expect(await call('GET', vodPaths.info(pid()), undefined, { asset_id: [assetId] })).toMatchObject({
      asset_info_array: [{ asset_id: assetId, status: 'CREATING' }],
    });
    expect(await call('DELETE', vodPaths.asset(pid()), undefined, { asset_id: [assetId] })).toMatchObject({
      httpStatusCode: 200,
    });
  });

  it('signs every call to MetaStudio', async () => {
    const { call } = connect();
    const { asset_id: assetId } = await call(
      'POST',
      metastudioPaths.assets(pid()),
      { asset_name: 'a', asset_type: 'VIDEO' },
      {},
      { 'X-App-UserId': 'ann' },
    );
    const file = {
      file_name: 'a.mp4',
      file_type: 'mp4',
      file_size: 5,
      file_md5: md5Base64('hello'),
      asset_id: assetId,
      asset_file_category: 'MAIN',
    };
    const { file_id: fileId, upload_url: url } = await call('POST', metastudioPaths.files(pid()), file);
    await expect(call('POST', metastudioPaths.files(pid()), file)).rejects.toMatchObject({
      httpStatusCode: 400,
      errorCode: 'MSS.10001008',
    });
    const put = async (headers: Record<string, string>, body = 'hello') =>
      (await fetch(url as string, { method: 'PUT', headers, body })).status;
    expect(await put({ 'Content-Type': 'video/mp4' })).toBe(403);
    expect(await put({ 'Content-Type': 'video/mp4', 'Content-MD5': md5Base64('hello') }, 'hellO')).toBe(400);
    expect(await put({ 'Content-Type': 'video/mp4', 'Content-MD5': md5Base64('hello') })).toBe(200);
    expect(
      await call('POST', metastudioPaths.complete(pid(), fileId as string), {
        state: 'CREATED',
        auto_meta_analysis: true,
      }),
    ).toMatchObject({ httpStatusCode: 200 });
    expect(await call('GET', metastudioPaths.asset(pid(), assetId as string))).toMatchObject({
      asset_state: 'ACTIVED',
      app_user_id: 'ann',
      files: [{ state: 'CREATED', file_size: 5 }],
    });
    expect(await call('DELETE', metastudioPaths.asset(pid(), assetId as string))).toMatchObject({
      httpStatusCode: 200,
    });
    await expect(call('GET', metastudioPaths.asset(pid(), assetId as string))).rejects.toMatchObject({
      errorCode: 'MSS.10001001',
    });
  });

  it.each([
    ['state', { state: 'UPLOADED' }, 'MSS.00000003'],
    ['no state', {}, 'MSS.00000003'],
    ['auto_meta_analysis', { state: 'CREATED', auto_meta_analysis: 'yes' }, 'MSS.00000003'],
    ['file', { state: 'CREATED' }, 'MSS.10001004'],
  ])('refuses an invalid confirm of a file: %s', async (_, body, errorCode) => {
    await expect(
      connect().call('POST', metastudioPaths.complete(pid(), '24bad716-87b1-45e5-8912-6102f7693265'), body),
    ).rejects.toMatchObject({ httpStatusCode: 400, errorCode });
  });

  it('is refused with another key, secret or project', async () => {
    const showAsset = metastudioPaths.asset(pid(), 'a');
    for (const wrong of [{ sk: 'wrong' }, { ak: 'NOBODY' }]) {
      await expect(connect(wrong).call('GET', vodPaths.info(pid()))).rejects.toMatchObject({
        httpStatusCode: 401,
        errorCode: 'APIGW.0301',
      });
      await expect(connect(wrong).call('GET', showAsset)).rejects.toMatchObject({
        httpStatusCode: 401,
        errorCode: 'MSS.00000001',
      });
    }
    await expect(connect().call('GET', metastudioPaths.asset('elsewhere', 'a'))).rejects.toMatchObject({
      errorCode: 'MSS.00010009',
    });
  });
});

describe('a request signed by the core’s AKSKSigner', () => {
  const send = async (
    url: (pid: string) => string,
    changes: { query?: string; body?: string; headers?: Record<string, string> } = {},
  ) => {
    const { accessKey, secretKey, projectId } = sandbox.credentials.huaweiVod;
    const body = '{"state":"CREATED","asset_id":"a","status":"CREATED"}';
    const request = {
      method: 'POST',
      endpoint: sandbox.url + url(projectId),
      queryParams: {},
      data: JSON.parse(body) as unknown,
      headers: { 'content-type': 'application/json' },
    };
    const headers = AKSKSigner.sign(
      request,
      new BasicCredentials({ ak: accessKey, sk: secretKey, projectId }),
    ) as Record<string, string>;
    const answer = await fetch(`${sandbox.url}${url(projectId)}${changes.query ?? ''}`, {
      method: 'POST',
      headers: { ...headers, ...changes.headers },
      body: changes.body ?? body,
    });
    return answer.status;
  };

  it.each([
    ['VOD', vodPaths.confirm, 403],
    ['MetaStudio', (projectId: string) => metastudioPaths.complete(projectId, 'f'), 400],
  ] as const)(
    'accepts a request signed for %s, and refuses it with anything changed',
    async (_, url, understood) => {
      expect(await send(url)).toBe(understood);
      expect(await send(url, { body: '{"state":"FAILED"}' })).toBe(401);
      expect(await send(url, { query: '?more=1' })).toBe(401);
      expect(await send(url, { headers: { 'X-Sdk-Date': '20200101T000000Z' } })).toBe(401);
      expect(await send(url, { headers: { 'content-type': 'application/json;charset=utf-8' } })).toBe(401);
      expect(
        await send(url, {
          headers: { Authorization: 'SDK-HMAC-SHA256 Access=a, SignedHeaders=host;x-sdk-date, Signature=00' },
        }),
      ).toBe(401);
    },
  );
});

interface ObsReply {
  CommonMsg: { Status: number; Code: string };
  InterfaceResult: Record<string, unknown>;
}
type ObsClient = Record<string, (parameters: Record<string, unknown>) => Promise<ObsReply>> & {
  close: () => void;
};

describe('esdk-obs-nodejs', () => {
  const Key = 'p/a b.mp4';
  const part = Buffer.alloc(102_400, 'p');

  async function connectObs(
    more: Record<string, unknown> = {},
  ): Promise<{ client: ObsClient; Bucket: string }> {
    const Client = createRequire(import.meta.url)('esdk-obs-nodejs') as new (
      options: Record<string, unknown>,
    ) => ObsClient;
    const { accessKey, secretKey, region } = sandbox.credentials.huaweiVod;
    const client = new Client({
      access_key_id: accessKey,
      secret_access_key: secretKey,
      server: sandbox.url,
      path_style: true,
      is_cname: false,
      max_retry_count: 0,
      ...more,
    });
    // The constructor continues asynchronously after it has returned.
    await new Promise((resolve) => setImmediate(resolve));
    return { client, Bucket: `vod-sandbox-${region}` };
  }

  it('lists objects by prefix, delimiter and marker, and heads the bucket', async () => {
    const { client, Bucket } = await connectObs();
    const keys = ['list/a.mp4', 'list/b/1.mp4', 'list/b/2.mp4', 'list/c.mp4'];
    for (const one of keys) await client['putObject']?.({ Bucket, Key: one, Body: 'x' });
    const list = async (more: Record<string, unknown>) => {
      const answer = await client['listObjects']?.({ Bucket, Prefix: 'list/', ...more });
      const result = answer?.InterfaceResult as {
        Contents: { Key: string }[];
        CommonPrefixes: { Prefix: string }[];
        NextMarker: string;
      };
      return [
        result.Contents.map((one) => one.Key),
        result.CommonPrefixes.map((one) => one.Prefix),
        result.NextMarker,
      ];
    };
    expect(await list({})).toEqual([keys, [], '']);
    expect(await list({ Delimiter: '/' })).toEqual([['list/a.mp4', 'list/c.mp4'], ['list/b/'], '']);
    expect(await list({ MaxKeys: 2 })).toEqual([keys.slice(0, 2), [], keys[1]]);
    expect(await list({ Marker: keys[1] })).toEqual([keys.slice(2), [], '']);
    expect(await client['headBucket']?.({ Bucket })).toMatchObject({ CommonMsg: { Status: 200 } });
    for (const one of keys) await client['deleteObject']?.({ Bucket, Key: one });
  });

  it('puts, uploads in parts, lists, completes and aborts', async () => {
    const { client, Bucket } = await connectObs();
    expect(
      await client['putObject']?.({ Bucket, Key, Body: 'hello', ContentMD5: md5Base64('hello') }),
    ).toMatchObject({ CommonMsg: { Status: 200 }, InterfaceResult: { ETag: `"${md5Hex('hello')}"` } });
    const initiated = await client['initiateMultipartUpload']?.({ Bucket, Key, ContentType: 'video/mp4' });
    const UploadId = initiated?.InterfaceResult['UploadId'];
    const Parts = [];
    for (const PartNumber of [1, 2]) {
      const sent = await client['uploadPart']?.({ Bucket, Key, PartNumber, UploadId, Body: part });
      Parts.push({ PartNumber, ETag: sent?.InterfaceResult['ETag'] });
    }
    expect((await client['listParts']?.({ Bucket, Key, UploadId }))?.InterfaceResult['Parts']).toMatchObject([
      { PartNumber: '1' },
      { PartNumber: '2' },
    ]);
    expect(await client['completeMultipartUpload']?.({ Bucket, Key, UploadId, Parts })).toMatchObject({
      CommonMsg: { Status: 200 },
    });
    const second = (await client['initiateMultipartUpload']?.({ Bucket, Key }))?.InterfaceResult['UploadId'];
    expect(await client['abortMultipartUpload']?.({ Bucket, Key, UploadId: second })).toMatchObject({
      CommonMsg: { Status: 204 },
    });
    expect(await client['listParts']?.({ Bucket, Key, UploadId: second })).toMatchObject({
      CommonMsg: { Status: 404, Code: 'NoSuchUpload' },
    });
    client.close();
  });

  it('refuses another key, and bytes that differ from Content-MD5', async () => {
    for (const [wrong, Code] of [
      [{ secret_access_key: 'wrong' }, 'SignatureDoesNotMatch'],
      [{ access_key_id: 'NOBODY' }, 'InvalidAccessKeyId'],
    ] as const) {
      const { client, Bucket } = await connectObs(wrong);
      expect(await client['putObject']?.({ Bucket, Key, Body: 'hello' })).toMatchObject({
        CommonMsg: { Status: 403, Code },
      });
      client.close();
    }
    const { client, Bucket } = await connectObs();
    expect(
      await client['putObject']?.({ Bucket, Key, Body: 'hello', ContentMD5: md5Base64('other') }),
    ).toMatchObject({ CommonMsg: { Status: 400, Code: 'BadDigest' } });
    client.close();
  });
});
