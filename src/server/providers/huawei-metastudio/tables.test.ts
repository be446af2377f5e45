import { describe, expect, it } from 'vitest';
import {
  assetStates,
  fileStates,
  metastudioErrors,
  type MetastudioErrorCode,
} from '../../../vendors/huawei-metastudio.js';
import { EndpointError } from '../../errors.js';
import { fakeContext } from '../../test-support/fake-provider.js';
import { metastudioError } from './errors.js';
import { huaweiMetastudio, type HuaweiMetastudioOptions } from './index.js';
import { toMediaDetails, uploadOutcome } from './status.js';
import { packUrls, unpackUrl } from './urls.js';
import type { Asset } from './wire.js';

const asset = (asset_state: string, state: string, transcoding?: string): Asset => ({
  asset_id: 'a',
  asset_state,
  create_time: '2026-01-15T08:30:00Z',
  asset_extra_meta: { video_meta: { width: 640, height: 360, duration: 2 } },
  files: [
    {
      file_id: 'f',
      state,
      file_size: 5,
      file_type: 'MP4',
      download_url: 'https://d/',
      asset_file_category: 'MAIN',
      ...(transcoding && { file_extra_meta: { video_transcoding_status: transcoding } }),
    },
  ],
});
const statusOf = (one: Asset) => {
  const details = toMediaDetails(one, 'f', 'mss');
  return details instanceof EndpointError ? details.code : details.status;
};

describe('asset and file states of huawei-metastudio', () => {
  it('maps every asset state when the file is stored', () => {
    expect(
      Object.fromEntries(assetStates.map((state) => [state, statusOf(asset(state, 'CREATED'))])),
    ).toEqual({
      CREATING: 'processing',
      FAILED: 'failed',
      UNACTIVED: 'ready',
      ACTIVED: 'ready',
      DELETING: 'failed',
      DELETED: 'failed',
      BLOCK: 'failed',
      WAITING_DELETE: 'failed',
    });
  });

  it('maps every file state to a media status and an upload outcome', () => {
    expect(
      Object.fromEntries(fileStates.map((state) => [state, statusOf(asset('CREATING', state))])),
    ).toEqual({
      CREATING: 'uploading',
      UPLOADED: 'processing',
      REVIEW: 'processing',
      CREATED: 'processing',
      FAILED: 'failed',
      CANCELLED: 'failed',
      DELETING: 'failed',
      DELETED: 'failed',
      BLOCK: 'failed',
    });
    expect(fileStates.map((state) => uploadOutcome(asset('CREATING', state), 'f'))).toEqual([
      'open',
      'uploaded',
      'uploaded',
      'uploaded',
      'ended',
      'ended',
      'ended',
      'ended',
      'uploaded',
    ]);
    expect(uploadOutcome(asset('ACTIVED', 'CREATED'), 'another')).toBe('missing');
  });

  it('reports processing until transcoding ends, and failed when it fails', () => {
    expect(
      ['WAITING', 'TRANSCODING', 'FAILED', 'SUCCEEDED'].map((one) =>
        statusOf(asset('ACTIVED', 'CREATED', one)),
      ),
    ).toEqual(['processing', 'processing', 'failed', 'ready']);
  });

  it('returns all known details and reports an undocumented state as an invalid reply', () => {
    expect(toMediaDetails(asset('ACTIVED', 'CREATED'), 'f', 'mss')).toMatchObject({
      mediaId: 'a',
      provider: 'mss',
      sizeBytes: 5,
      width: 640,
      height: 360,
      durationSeconds: 2,
      createdAt: '2026-01-15T08:30:00.000Z',
      playUrls: [{ url: 'https://d/', format: 'mp4' }],
    });
    expect(
      toMediaDetails(
        { ...asset('FAILED', 'CREATED'), fail_type: 'AUTOMATIC_REVIEW_REJECT', reason: 'words' },
        'f',
        'mss',
      ),
    ).toMatchObject({ failure: { code: 'AUTOMATIC_REVIEW_REJECT', reason: 'words' } });
    expect(statusOf(asset('NEW', 'CREATED'))).toBe('vendor-invalid-reply');
    expect(statusOf(asset('ACTIVED', 'NEW'))).toBe('vendor-invalid-reply');
  });
});

it.each(Object.keys(metastudioErrors) as MetastudioErrorCode[])(
  'maps the MetaStudio error %s without repeating the vendor’s message',
  (code) => {
    const text = JSON.stringify({ error_code: code, error_msg: 'secret' });
    const error = metastudioError(
      { status: metastudioErrors[code][0], headers: new Headers({ 'x-request-id': 'R' }), text },
      'call',
      0,
    );
    expect(error).toMatchObject({
      code: expect.stringMatching(/^(vendor-|media-|upload-|file-)/) as string,
      vendor: { code, requestId: 'R' },
    });
    expect(error.message).not.toContain('secret');
  },
);

it.each([
  [401, 'APIG.0301', 'vendor-credentials'],
  [429, 'APIGW.0308', 'vendor-throttled'],
  [503, '', 'vendor-unavailable'],
  [418, '', 'vendor-refused'],
])('maps HTTP %i of the API gateway with code "%s"', (status, error_code, code) => {
  expect(
    metastudioError({ status, headers: new Headers(), text: JSON.stringify({ error_code }) }, 'call', 0).code,
  ).toBe(code);
});

it('packs one hundred upload URLs into a ticket and refuses URLs that differ in their parameters', () => {
  const urls = Array.from(
    { length: 100 },
    (_, i) =>
      `https://mss-bucket.obs.cn-north-4.myhuaweicloud.com:443/05041fffa40025702f6dc009cc6f8f33/${'a'.repeat(32)}/1.mp4?partNumber=${i + 1}&uploadId=${'U'.repeat(32)}&AWSAccessKeyId=${'K'.repeat(20)}&Expires=1768469400&Signature=${String(i).padStart(28, 's')}%3D`,
  );
  const packed = packUrls(urls);
  expect(urls.map((_, i) => unpackUrl(packed, i))).toEqual(urls);
  expect(unpackUrl(packed, 100)).toBeUndefined();
  expect(JSON.stringify(packed).length).toBeLessThan(9000);
  expect(() => packUrls(['https://a/?a=1', 'https://a/?a=1&b=2'])).toThrow(RangeError);
});

describe('configuration of huawei-metastudio', () => {
  const valid: HuaweiMetastudioOptions = {
    projectId: 'p',
    region: 'cn-north-4',
    credentials: { accessKey: 'a', secretKey: 's' },
  };

  it.each<Partial<HuaweiMetastudioOptions>>([
    { projectId: '' },
    { region: '' },
    { appUserId: '安' },
    { singlePutMaxBytes: 6 * 1024 ** 3 },
    { tags: Array.from({ length: 51 }, () => 't') },
    { assetName: 'x'.repeat(257) },
  ])('throws a TypeError for the configuration %o', (wrong) => {
    expect(() => huaweiMetastudio({ ...valid, ...wrong })).toThrow(TypeError);
  });

  it('requires the MD5 of the whole file before it makes a call', async () => {
    const provider = huaweiMetastudio({
      ...valid,
      fetch: () => Promise.reject(new Error('no call was due')),
    });
    const upload = { clientId: 'c', fileName: 'a.mov', contentType: '', sizeBytes: 5 };
    expect(await provider.start(upload, fakeContext())).toBe('checksum-required');
    await expect(
      provider.start({ ...upload, fileName: 'a.mp3', sizeBytes: 200 * 1024 ** 2 }, fakeContext()),
    ).rejects.toMatchObject({ code: 'file-refused' });
  });
});
