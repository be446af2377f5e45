import { describe, expect, it } from 'vitest';
import { assetStates, fileStates } from '../../../vendors/huawei-metastudio.js';
import { EndpointError } from '../../errors.js';
import { toMediaDetails, uploadOutcome, type Asset } from './details.js';

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
