import { useCallback, useSyncExternalStore } from 'react';
import type { UploadSnapshot } from '../../engine/index.js';
import { started } from '../bindings/started.js';
import { useWidget } from '../context.js';

/** Tells which uploads wait for "Start". None do unless `autoStart` is false. */
export function useHeld(): (upload: Pick<UploadSnapshot, 'id' | 'status'>) => boolean {
  const { autoStart } = useWidget();
  const ids = useSyncExternalStore(started.subscribe, started.getSnapshot, started.getSnapshot);
  return useCallback(({ id, status }) => !autoStart && status === 'queued' && !ids.has(id), [autoStart, ids]);
}
