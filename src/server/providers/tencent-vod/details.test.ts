import { describe, expect, it } from 'vitest';
import { moderationStatuses } from '../../../vendors/tencent-vod.js';
import { toMediaDetails, type MediaInfo } from './details.js';

const options = { provider: 'tencent-vod', readyWhen: 'metadata' } as const;
const metaData = { Size: 1000, Duration: 12.5, Width: 1920, Height: 1080 };
const rendition = {
  TranscodeSet: [
    { Url: 'http://cdn/f0.mp4', Definition: 0 },
    { Url: 'http://cdn/v.f100030.mp4', Definition: 100030, Container: 'mov,mp4,m4a,3gp,3g2,mj2' },
  ],
};
const adaptive = {
  AdaptiveDynamicStreamingSet: [
    { Url: 'http://cdn/adp.12.m3u8', Package: 'HLS' },
    { Url: 'http://cdn/adp.13.mpd', Package: 'DASH' },
  ],
};

const media = (more: Partial<MediaInfo> = {}): MediaInfo => ({
  FileId: '5285',
  BasicInfo: {
    Status: 'Normal',
    MediaUrl: 'http://cdn/f0.mp4',
    Type: 'mp4',
    CoverUrl: '',
    CreateTime: '2026-01-15T08:30:00Z',
  },
  ...more,
});

describe('media status of tencent-vod', () => {
  it.each([
    ['Normal', undefined, undefined, 'processing', 'processing'],
    ['Normal', metaData, undefined, 'ready', 'processing'],
    ['Normal', { Size: 0, Duration: 0 }, undefined, 'processing', 'processing'],
    ['Normal', { Size: 5 }, undefined, 'ready', 'processing'],
    ['Normal', metaData, rendition, 'ready', 'ready'],
    ['Forbidden', undefined, undefined, 'failed', 'failed'],
    ['Forbidden', metaData, rendition, 'failed', 'failed'],
    ['', metaData, undefined, 'ready', 'processing'],
  ] as const)(
    'maps status "%s" with metadata %j and outputs %j to %s, or to %s when renditions are required',
    (Status, MetaData, TranscodeInfo, byMetadata, byRenditions) => {
      const info = media({
        BasicInfo: { Status },
        MetaData: MetaData ?? null,
        TranscodeInfo: TranscodeInfo ? { TranscodeSet: [...TranscodeInfo.TranscodeSet] } : null,
      });
      expect(toMediaDetails(info, options)).toMatchObject({ status: byMetadata });
      expect(toMediaDetails(info, { ...options, readyWhen: 'renditions' })).toMatchObject({
        status: byRenditions,
      });
    },
  );

  it('maps every documented status and reports an undocumented one as an invalid reply', () => {
    for (const Status of moderationStatuses)
      expect(toMediaDetails(media({ BasicInfo: { Status } }), options)).toMatchObject({ mediaId: '5285' });
    expect(toMediaDetails(media({ BasicInfo: { Status: 'Odd' } }), options)).toMatchObject({
      code: 'vendor-invalid-reply',
    });
  });

  it('reports the failure code of forbidden media', () => {
    expect(toMediaDetails(media({ BasicInfo: { Status: 'Forbidden' } }), options)).toMatchObject({
      failure: { code: 'Forbidden' },
    });
  });
});

it('returns measurements, play addresses with adaptive ones first and the original last, and the vendor’s reply', () => {
  const info = media({
    MetaData: metaData,
    TranscodeInfo: rendition,
    AdaptiveDynamicStreamingInfo: adaptive,
    BasicInfo: { ...media().BasicInfo, CoverUrl: 'http://cdn/c.jpg' },
  });
  expect(toMediaDetails(info, options)).toEqual({
    mediaId: '5285',
    provider: 'tencent-vod',
    status: 'ready',
    sizeBytes: 1000,
    durationSeconds: 12.5,
    width: 1920,
    height: 1080,
    createdAt: '2026-01-15T08:30:00Z',
    coverUrl: 'http://cdn/c.jpg',
    playUrls: [
      { url: 'http://cdn/adp.12.m3u8', format: 'hls' },
      { url: 'http://cdn/adp.13.mpd', format: 'dash' },
      { url: 'http://cdn/v.f100030.mp4', format: 'mp4' },
      { url: 'http://cdn/f0.mp4', format: 'mp4' },
    ],
    vendor: info,
  });
});

it('omits values that the service has not measured', () => {
  const details = toMediaDetails(media({ MetaData: { Size: 5, Duration: 0, Width: 0, Height: 0 } }), options);
  expect(details).toEqual({
    mediaId: '5285',
    provider: 'tencent-vod',
    status: 'ready',
    sizeBytes: 5,
    createdAt: '2026-01-15T08:30:00Z',
    playUrls: [{ url: 'http://cdn/f0.mp4', format: 'mp4' }],
    vendor: expect.anything() as unknown,
  });
});
