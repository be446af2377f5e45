import { describe, expect, it } from 'vitest';
import { assetStatuses } from '../../../vendors/huawei-vod.js';
import { toMediaDetails, uploadOutcome } from './details.js';

const options = { provider: 'huawei-vod', isTranscoded: false };

describe('media details of huawei-vod', () => {
  const expected = {
    UNCREATED: 'media-not-found',
    NO_ASSET: 'media-not-found',
    NOASSET: 'media-not-found',
    CREATING: 'uploading',
    WAITING_TRANSCODE: 'processing',
    TRANSCODING: 'processing',
    OBS_CREATING: 'processing',
    CREATED: 'ready',
    TRANSCODE_SUCCEED: 'ready',
    PUBLISHED: 'ready',
    OBS_CREATE_SUCCESS: 'ready',
    TRANSCODE_FAILED: 'failed',
    CANCELLED: 'failed',
    UPLOAD_FAILED: 'failed',
    SERVER_ERROR: 'failed',
    DELETING: 'failed',
    DELETED: 'failed',
    DELETE_FAILED: 'failed',
    OBS_CREATE_FAILED: 'failed',
  } as const;

  it.each(assetStatuses)('maps the asset status %s', (status) => {
    const details = toMediaDetails({ asset_id: 'a', status }, options);
    expect('code' in details ? details.code : details.status).toBe(expected[status]);
  });

  it('reports processing until the requested transcoding ends', () => {
    expect(
      toMediaDetails({ asset_id: 'a', status: 'CREATED' }, { ...options, isTranscoded: true }),
    ).toMatchObject({ status: 'processing' });
  });

  it('reports an undocumented asset status as an invalid reply', () => {
    expect(toMediaDetails({ asset_id: 'a', status: 'DREAMING' }, options)).toMatchObject({
      code: 'vendor-invalid-reply',
      vendor: { code: 'DREAMING' },
    });
  });

  it('returns the service’s description of a failure', () => {
    expect(
      toMediaDetails({ asset_id: 'a', status: 'TRANSCODE_FAILED', description: 'Codec unknown' }, options),
    ).toMatchObject({ failure: { code: 'TRANSCODE_FAILED', reason: 'Codec unknown' } });
    expect(toMediaDetails({ asset_id: 'a', status: 'CANCELLED' }, options)).toMatchObject({
      failure: { code: 'CANCELLED', reason: 'CANCELLED' },
    });
  });

  it('returns measurements, cover and play addresses, with adaptive ones first and the original last', () => {
    const info = {
      asset_id: 'a',
      status: 'PUBLISHED',
      base_info: {
        create_time: '20260115083000',
        video_type: 'MP4',
        video_url: 'https://v.test/original.mp4',
        meta_data: {
          duration: 12,
          duration_ms: 12_345,
          video_size: 45_000_000,
          width: 1920,
          hight: 1080,
          height: null,
        },
        cover_info_array: [{ cover_url: 'https://v.test/c.jpg' }],
      },
      play_info_array: [
        { play_type: 'MP4', url: 'https://v.test/720.mp4' },
        { play_type: 'hls', url: 'https://v.test/master.m3u8' },
        { play_type: 'HLS', url: 'https://v.test/720.m3u8' },
        { play_type: 'dash', url: null },
      ],
    };
    expect(toMediaDetails(info, options)).toEqual({
      mediaId: 'a',
      provider: 'huawei-vod',
      status: 'ready',
      sizeBytes: 45_000_000,
      durationSeconds: 12.345,
      width: 1920,
      height: 1080,
      createdAt: '2026-01-15T08:30:00Z',
      coverUrl: 'https://v.test/c.jpg',
      playUrls: [
        { url: 'https://v.test/master.m3u8', format: 'hls' },
        { url: 'https://v.test/720.m3u8', format: 'hls' },
        { url: 'https://v.test/720.mp4', format: 'mp4' },
        { url: 'https://v.test/original.mp4', format: 'mp4' },
      ],
      vendor: info,
    });
  });
});

describe('upload outcome of huawei-vod', () => {
  it.each([
    ['CREATING', 'open'],
    ['CANCELLED', 'ended'],
    ['UPLOAD_FAILED', 'ended'],
    ['SERVER_ERROR', 'ended'],
    ['DELETED', 'ended'],
    ['NOASSET', 'missing'],
    ['CREATED', 'uploaded'],
    ['TRANSCODE_FAILED', 'uploaded'],
  ])('maps the asset status %s to the upload outcome %s', (status, outcome) => {
    expect(uploadOutcome(status)).toBe(outcome);
  });
});
