import type { Uploader } from '../../engine/index.js';
import { recordingsChanged, type RecordingFolder } from './recording-files.js';

/** `confirmed`: the cloud has all of it. `gone`: canceled, or removed from the list. */
export type UploadState = 'open' | 'confirmed' | 'gone';

/** The recordings that stand in this page's list. They stay held, so that no other tab offers them meanwhile. */
class UploadedRecordings {
  readonly #folders = new Map<string, { readonly folder: RecordingFolder; readonly engine: Uploader }>();

  get uploadIds(): readonly string[] {
    return [...this.#folders.keys()];
  }

  add(uploadId: string, folder: RecordingFolder, engine: Uploader): void {
    this.#folders.set(uploadId, { folder, engine });
    recordingsChanged.notify();
  }

  /**
   * Removes those that the cloud has and whose row is gone; until then the row plays them. Lets go of those whose upload is
   * gone before: they are offered again. A widget knows the rows of its own engine only.
   */
  settle(states: ReadonlyMap<string, string>, whose: Uploader, remove: (id: string) => void): void {
    for (const [uploadId, { folder, engine }] of this.#folders) {
      if (engine !== whose) continue;
      const state = states.get(uploadId);
      const { isUploaded = false, id } = folder.info;
      if (state === 'confirmed' && !isUploaded) folder.note({ isUploaded: true }).catch(() => undefined);
      if (state !== 'gone') continue;
      this.#folders.delete(uploadId);
      if (isUploaded) remove(id);
      folder.release();
    }
  }
}

export const uploadedRecordings = new UploadedRecordings();
