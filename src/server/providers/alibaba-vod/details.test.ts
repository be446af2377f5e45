import { describe, expect, it } from 'vitest';
import type { MediaStatus } from '../../../protocol/index.js';
import { mediaStatuses } from '../../../vendors/alibaba-vod.js';
import { isStored, toMediaDetails, toStatus } from './details.js';

const options = { provider: 'alibaba-vod', whenStored: 'ready' } as const;

describe('video status of alibaba-vod', () => {
  const table: Record<(typeof mediaStatuses)[number], [MediaStatus, stored: boolean]> = {
    Uploading: ['uploading', false],
    UploadFail: ['failed', false],
    UploadSucc: ['ready', true],
    Transcoding: ['processing', true],
    TranscodeFail: ['failed', true],
    Checking: ['processing', true],
    Blocked: ['failed', true],
    Normal: ['ready', true],
    ProduceFail: ['failed', true],
  };

  it.each(mediaStatuses)('maps the video status %s', (status) => {
    expect([toStatus(status, options), isStored(status)]).toEqual(table[status]);
    const media = toMediaDetails({ detail: { MediaId: 'm', Status: status } }, options);
    if (media.status === 'failed') expect(media.failure).toMatchObject({ code: status });
    else expect(media.failure).toBeUndefined();
  });

  it('treats an undocumented video status as stored and not playable', () => {
    expect([toStatus('Dreaming', options), isStored('Dreaming')]).toEqual(['processing', true]);
  });

  it('maps UploadSucc to the configured status', () => {
    expect(toStatus('UploadSucc', { whenStored: 'processing' })).toBe('processing');
  });
});

describe('media details of alibaba-vod', () => {
  // The sample of "GetUploadDetails": its sizes do not fit each other, and nothing may depend on that they do.
  const sample = {
    Status: 'Uploading',
    CreationTime: '2019-04-28T09:42:07Z',
    UploadSource: 'WebSDK',
    UploadIP: '192.168.0.1',
    DeviceModel: 'Chrome',
    ModificationTime: '2019-04-28T09:43:12Z',
    CompletionTime: '2019-04-28T09:45:07Z',
    MediaId: '61ccbdb06fa83012be4d8083f6',
    UploadSize: 346,
    UploadRatio: 0.038,
    UploadStatus: 'Uploading',
    Title: 'Test file upload details',
    FileSize: 46,
  };

  it('returns every field of the documented sample reply', () => {
    expect(toMediaDetails({ detail: sample }, options)).toEqual({
      mediaId: sample.MediaId,
      provider: 'alibaba-vod',
      status: 'uploading',
      sizeBytes: 46,
      uploadRatio: 0.038,
      createdAt: '2019-04-28T09:42:07Z',
      vendor: sample,
    });
  });

  it.each<[object, number | undefined]>([
    [{ UploadRatio: 0.5 }, 0.5],
    [{ UploadRatio: 1.5 }, 1],
    [{ UploadRatio: -1 }, 0],
    [{ UploadSize: 1, FileSize: 4 }, 0.25],
    [{ UploadSize: 346, FileSize: 46 }, 1],
    [{ UploadSize: 3, FileSize: 0 }, undefined],
    [{}, undefined],
    [{ Status: 'Normal', UploadRatio: 0.1 }, 1],
  ])('computes from %j the upload ratio %j', (fields, ratio) => {
    expect(
      toMediaDetails({ detail: { MediaId: 'm', Status: 'Uploading', ...fields } }, options).uploadRatio,
    ).toBe(ratio);
  });

  it('lists adaptive outputs first and omits invisible ones', () => {
    const PlayInfo = [
      { PlayURL: 'c', Format: 'flv' },
      { PlayURL: 'b', Format: 'mp4', Width: 1920, Height: 1080 },
      { PlayURL: 'x', Format: 'mp4', Status: 'Invisible' },
      { PlayURL: 'a', Format: 'm3u8', Status: 'Normal' },
      { Format: 'mpd' },
    ];
    const media = toMediaDetails(
      {
        detail: { MediaId: 'm', Status: 'Normal' },
        video: { VideoId: 'm', Duration: 12.5, CoverURL: 'cover', Size: 9 },
        play: { PlayInfoList: { PlayInfo } },
      },
      options,
    );
    expect(media).toMatchObject({
      playUrls: [
        { url: 'a', format: 'hls' },
        { url: 'b', format: 'mp4' },
        { url: 'c', format: 'flv' },
      ],
      durationSeconds: 12.5,
      coverUrl: 'cover',
      sizeBytes: 9,
      vendor: { Video: { Duration: 12.5 }, PlayInfo },
    });
  });
});
