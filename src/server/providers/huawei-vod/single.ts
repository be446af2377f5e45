import type { SignedRequest } from '../../../protocol/index.js';
import { checkSinglePart } from '../../kit/session.js';
import type { Started } from '../../provider.js';
import type { VideoFile } from './asset-fields.js';
import { putContentType } from './file-type.js';
import { checkUrl, remainingMs } from './presigned.js';
import type { Setup } from './setup.js';
import type { HuaweiVodState, ObjectAddress, SingleState } from './state.js';

interface SingleUpload {
  readonly assetId: string;
  readonly url: string | null | undefined;
  readonly address: ObjectAddress;
  readonly file: VideoFile;
}

/** "Example 1": the URL came with the asset. */
export function startSingle(
  { options: { contentTypeRule = 'table' }, now }: Setup,
  { assetId, url, address, file: { videoType, videoMd5 } }: SingleUpload,
): Started<HuaweiVodState> {
  const headersBy = (rule: 'table' | 'seed') => ({
    'Content-Type': putContentType(videoType, rule),
    ...(videoMd5 !== undefined && { 'Content-MD5': videoMd5 }),
  });
  const headers = headersBy(contentTypeRule);
  const fallbackHeaders = headersBy(contentTypeRule === 'table' ? 'seed' : 'table');
  const differs = fallbackHeaders['Content-Type'] !== headers['Content-Type'];
  const state: SingleState = {
    kind: 'single',
    ...address,
    url: checkUrl(url, 'create asset'),
    headers,
    fallbackHeaders: differs ? fallbackHeaders : undefined,
  };
  return { mediaId: assetId, transfer: { kind: 'single' }, state, signed: [singleRequest(state, 1, now())] };
}

export function singleRequest(
  { url, headers, fallbackHeaders }: SingleState,
  partNumber: number,
  nowMs: number,
): SignedRequest {
  checkSinglePart(partNumber);
  const expiresInMs = remainingMs(url, nowMs);
  return { partNumber, method: 'PUT', url, headers, fallbackHeaders, expiresInMs };
}
