import type { Uploader, UploaderSnapshot } from '../../engine/index.js';
import type { RecordingInfo } from '../sources/recording-files.js';
import { findUpload } from '../stores/snapshot-index.js';
import { discardCopy, sweepCopies, type MadeCopy } from './made-copies.js';

/** Those that stand in this page's list, by the upload; they stay held, so that no other tab removes them. */
const uploaded = new Map<
  string,
  { readonly engine: Uploader; readonly copy: MadeCopy; readonly place: string }
>();

/** From now on the copy lives as long as its row. */
export function keepWithUpload(engine: Uploader, place: string, uploadId: string, copy: MadeCopy): void {
  uploaded.set(uploadId, { engine, copy, place });
  copy.folder.note({ uploadId }).catch(() => undefined);
}

/** What has become of the upload. The file of a canceled one is needed as long as it can be tried again. */
function stateOf(snapshot: UploaderSnapshot, id: string): 'open' | 'confirmed' | 'gone' {
  const upload = findUpload(snapshot, id);
  if (upload) return upload.status === 'processing' || upload.status === 'ready' ? 'confirmed' : 'open';
  return snapshot.unfinished.some((one) => one.id === id) ? 'open' : 'gone';
}

/** Removes the copies of uploads whose row is gone, each from the list that it is in; returns the way to stop. */
export function followUploads(uploader: Uploader): () => void {
  const look = () => {
    for (const [uploadId, { engine, copy, place }] of uploaded) {
      const state = stateOf(engine.getSnapshot(), uploadId);
      // It plays in the row; after a reload it is not needed any more.
      if (state === 'confirmed' && !copy.folder.info.isUploaded)
        copy.folder.note({ isUploaded: true }).catch(() => undefined);
      if (state !== 'gone') continue;
      uploaded.delete(uploadId);
      discardCopy(place, copy).catch(() => undefined);
    }
  };
  return uploader.subscribe(look);
}

/** Removes what a page that died has left: half-written copies, and those that no upload needs. */
export async function cleanUp(uploader: Uploader, place: string): Promise<void> {
  // The answer comes when the journal is read: only then it is known which uploads of earlier visits there are.
  await uploader.add([]);
  const snapshot = uploader.getSnapshot();
  const isWanted = ({ fileName, uploadId, isUploaded }: RecordingInfo) =>
    fileName !== undefined &&
    uploadId !== undefined &&
    !isUploaded &&
    // Without a journal nothing is known of them.
    (!snapshot.canResumeAfterReload || stateOf(snapshot, uploadId) === 'open');
  await sweepCopies(place, isWanted);
}
