import type { MediaDetails } from '../../../protocol/index.js';
import { maxFileIds } from '../../../vendors/tencent-vod.js';
import { EndpointError } from '../../errors.js';
import { inBatches } from '../../kit/fields.js';
import { allOrAbort } from '../../limit.js';
import type { CallContext } from '../../provider.js';
import { toMediaDetails } from './details.js';
import type { Setup } from './setup.js';

export interface Medium {
  /** Absent before the upload is committed. */
  readonly mediaId?: string | undefined;
  readonly subAppId?: number | undefined;
}

/** "DescribeMediaInfos", twenty ids to a call. */
export async function mediaDetails(
  { id: provider, vod, readyWhen }: Setup,
  media: readonly Medium[],
  context: CallContext,
): Promise<(MediaDetails | EndpointError)[]> {
  const infos = await allOrAbort(batchesOf(media), context.signal, ({ subAppId, ids }, signal) =>
    vod.describe(ids, subAppId, { ...context, signal }),
  );
  const found = new Map(infos.flat().map((info) => [info.FileId, info]));
  return media.map(({ mediaId }): MediaDetails | EndpointError => {
    // The service does not know an upload that is not committed.
    if (mediaId === undefined) return { mediaId: '', provider, status: 'uploading' };
    const info = found.get(mediaId);
    return info ? toMediaDetails(info, { provider, readyWhen }) : new EndpointError('media-not-found');
  });
}

/** The ids to ask for: once each, by application. */
function batchesOf(media: readonly Medium[]): { subAppId: number | undefined; ids: string[] }[] {
  const byApp = new Map<number | undefined, Set<string>>();
  for (const { mediaId, subAppId } of media)
    if (mediaId !== undefined) byApp.set(subAppId, (byApp.get(subAppId) ?? new Set()).add(mediaId));
  return [...byApp].flatMap(([subAppId, ids]) =>
    inBatches([...ids], maxFileIds).map((batch) => ({ subAppId, ids: batch })),
  );
}
