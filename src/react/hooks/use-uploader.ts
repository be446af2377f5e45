import type { Uploader } from '../../engine/index.js';
import { useWidget } from '../context.js';

/** The engine of the widget around: `add`, `pauseAll`, `cancel(id)` … Its reference stays the same. */
export function useUploader(): Uploader {
  return useWidget().uploader;
}
