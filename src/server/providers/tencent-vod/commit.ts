import { hasProblem } from '../../kit/refusal.js';
import type { CallContext } from '../../provider.js';
import type { VodClient } from './client.js';
import type { MediaInfo } from './details.js';
import type { TencentVodState } from './state.js';

type Applied = Pick<TencentVodState, 'sessionKey' | 'subAppId' | 'path'>;

/**
 * "CommitUpload": the media id. The page does not say what a repeated call answers: where it is refused, because an
 * earlier call went through whose reply was lost, the media itself is looked up.
 */
export async function commit(vod: VodClient, applied: Applied, context: CallContext): Promise<string> {
  try {
    return await vod.commit(applied.sessionKey, applied.subAppId, context);
  } catch (error) {
    if (!hasProblem(error, 'media-state-conflict')) throw error;
    const mediaId = await findCommitted(vod, applied, context);
    if (mediaId === undefined) throw error;
    return mediaId;
  }
}

/**
 * The media of an upload that was committed, or `undefined`. Its id is in the object's path, as in the sample of
 * "CommitUpload" (`/6c0f1c00vodgzp251000333/dee2125c24820810452266399/f0.mp4`): the media is taken for this upload's only
 * if its address leads to that very path.
 */
export async function findCommitted(
  vod: VodClient,
  { path, subAppId }: Applied,
  context: CallContext,
): Promise<string | undefined> {
  const named = /\/[0-9a-f]{8}(\d{10,20})\/[^/]+$/.exec(path)?.[1];
  if (named === undefined) return undefined;
  const found = await vod.describe([named], subAppId, context);
  return found.find((info) => info.FileId === named && isAt(info, path))?.FileId;
}

function isAt({ BasicInfo: basic }: MediaInfo, path: string): boolean {
  const url = basic?.MediaUrl;
  return !!url && URL.canParse(url) && decodeURI(new URL(url).pathname).endsWith(path);
}
