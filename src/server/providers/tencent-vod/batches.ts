import { maxFileIds } from '../../../vendors/tencent-vod.js';
import type { Session } from '../../provider.js';
import { stateOf, type TencentVodState } from './state.js';

/** The ids to ask for: once each, by application, twenty at a time. */
export function batchesOf(
  sessions: readonly Session<TencentVodState>[],
): { subAppId: number | undefined; ids: string[] }[] {
  const byApp = new Map<number | undefined, Set<string>>();
  for (const session of sessions) {
    if (session.mediaId === undefined) continue;
    const { subAppId } = stateOf(session);
    byApp.set(subAppId, (byApp.get(subAppId) ?? new Set()).add(session.mediaId));
  }
  return [...byApp].flatMap(([subAppId, all]) => {
    const ids = [...all];
    return Array.from({ length: Math.ceil(ids.length / maxFileIds) }, (_, i) => ({
      subAppId,
      ids: ids.slice(i * maxFileIds, (i + 1) * maxFileIds),
    }));
  });
}
