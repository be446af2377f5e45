import * as v from 'valibot';
import type { MediaDetails, MediaStatus } from '../../../protocol/index.js';
import type { MetastudioAssetState, MetastudioFileState } from '../../../vendors/huawei-metastudio.js';
import { EndpointError } from '../../errors.js';
import { compact } from '../../kit/fields.js';
import { safeVendorText, vendorOf } from '../../kit/refusal.js';
import { optionalText } from './wire.js';

const optionalNumber = v.nullish(v.number());

const fileSchema = v.looseObject({
  file_id: v.string(),
  file_size: optionalNumber,
  file_type: optionalText,
  asset_file_category: optionalText,
  download_url: optionalText,
  state: optionalText,
  reason: optionalText,
  file_extra_meta: v.nullish(v.looseObject({ video_transcoding_status: optionalText })),
});
export type AssetFile = v.InferOutput<typeof fileSchema>;

const measuresSchema = v.nullish(
  v.looseObject({ width: optionalNumber, height: optionalNumber, duration: optionalNumber }),
);
export const assetSchema = v.looseObject({
  asset_id: v.string(),
  asset_state: v.string(),
  create_time: optionalText,
  fail_type: optionalText,
  reason: optionalText,
  files: v.nullish(v.array(fileSchema)),
  asset_extra_meta: v.nullish(v.looseObject({ video_meta: measuresSchema, audio_meta: measuresSchema })),
});
export type Asset = v.InferOutput<typeof assetSchema>;

export const assetListSchema = v.object({ assets: v.nullish(v.array(assetSchema), []) });

/** `asset_state` ("Querying Digital Asset Details"). What an asset is before its main file is there, the file says. */
const assetStatuses: Readonly<Record<MetastudioAssetState, MediaStatus>> = {
  CREATING: 'uploading',
  FAILED: 'failed',
  UNACTIVED: 'ready',
  ACTIVED: 'ready',
  DELETING: 'failed',
  DELETED: 'failed',
  BLOCK: 'failed',
  WAITING_DELETE: 'failed',
};

/** `state` of a file. */
const fileStatuses: Readonly<Record<MetastudioFileState, MediaStatus>> = {
  CREATING: 'uploading',
  UPLOADED: 'processing',
  REVIEW: 'processing',
  CREATED: 'ready',
  FAILED: 'failed',
  CANCELLED: 'failed',
  DELETING: 'failed',
  DELETED: 'failed',
  BLOCK: 'failed',
};

export function toMediaDetails(asset: Asset, fileId: string, provider: string): MediaDetails | EndpointError {
  const files = asset.files ?? [];
  const file = files.find((one) => one.file_id === fileId);
  const [ofAsset, ofFile] = [lookUp(assetStatuses, asset.asset_state), lookUp(fileStatuses, file?.state)];
  if (ofAsset === undefined || (file?.state && ofFile === undefined)) {
    return new EndpointError('vendor-invalid-reply', {
      detail: 'show asset: an undocumented state',
      vendor: vendorOf({ code: ofAsset === undefined ? asset.asset_state : file?.state }),
    });
  }
  const status = statusOf(ofAsset, ofFile, file?.file_extra_meta?.video_transcoding_status);
  return {
    mediaId: asset.asset_id,
    provider,
    status,
    ...measuresOf(asset, file),
    ...addressesOf(files, file),
    failure: status === 'failed' ? failureOf(asset, file, ofFile) : undefined,
    vendor: asset,
  };
}

/** The one of the two that says more: an end first, then what is still to do. */
function statusOf(
  asset: MediaStatus,
  file: MediaStatus | undefined,
  transcoding: string | null | undefined,
): MediaStatus {
  if (asset === 'failed' || file === 'failed' || transcoding === 'FAILED') return 'failed';
  if (transcoding === 'WAITING' || transcoding === 'TRANSCODING') return 'processing';
  if (asset === 'ready') return file === 'processing' ? 'processing' : 'ready';
  // The asset has yet to notice what its file has reached.
  return file === undefined || file === 'uploading' ? 'uploading' : 'processing';
}

function failureOf(
  asset: Asset,
  file: AssetFile | undefined,
  ofFile: MediaStatus | undefined,
): NonNullable<MediaDetails['failure']> {
  const isOfFile = ofFile === 'failed';
  const transcoding =
    file?.file_extra_meta?.video_transcoding_status === 'FAILED' ? 'TRANSCODING_FAILED' : undefined;
  const code =
    (isOfFile ? file?.state : undefined) ??
    transcoding ??
    safeVendorText(asset.fail_type) ??
    asset.asset_state;
  return { code, reason: (isOfFile ? file?.reason : undefined) || asset.reason || code };
}

/** The state of the file with regard to the confirmation of its upload. */
export type UploadOutcome = 'open' | 'uploaded' | 'ended' | 'missing';

export function uploadOutcome(asset: Asset, fileId: string): UploadOutcome {
  const state = (asset.files ?? []).find((file) => file.file_id === fileId)?.state;
  const status = lookUp(fileStatuses, state);
  if (status === undefined) return 'missing';
  if (state === 'BLOCK') return 'uploaded';
  return status === 'uploading' ? 'open' : status === 'failed' ? 'ended' : 'uploaded';
}

function lookUp<T extends string>(
  table: Readonly<Record<T, MediaStatus>>,
  state: string | null | undefined,
): MediaStatus | undefined {
  return state && Object.hasOwn(table, state) ? table[state as T] : undefined;
}

function measuresOf({ asset_extra_meta: meta, create_time }: Asset, file: AssetFile | undefined) {
  const { width, height, duration } = meta?.video_meta ?? meta?.audio_meta ?? {};
  const createdAt = new Date(create_time ?? NaN);
  return compact({
    sizeBytes: file?.file_size || undefined,
    durationSeconds: duration || undefined,
    width: width || undefined,
    height: height || undefined,
    createdAt: Number.isNaN(createdAt.getTime()) ? undefined : createdAt.toISOString(),
  });
}

function addressesOf(files: readonly AssetFile[], file: AssetFile | undefined) {
  const coverUrl = files.find((one) => one.asset_file_category === 'COVER')?.download_url;
  const url = file?.download_url;
  return compact({
    coverUrl,
    playUrls: url ? [{ url, format: (file.file_type ?? '').toLowerCase() }] : undefined,
  });
}
