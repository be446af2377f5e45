import type { UploadSnapshot, UploaderSnapshot } from '../../engine/index.js';

const indexes = new WeakMap<UploaderSnapshot, ReadonlyMap<string, UploadSnapshot>>();

/** Finds one upload of a snapshot. Ten thousand rows ask this at once, so each snapshot is indexed once. */
export function findUpload(snapshot: UploaderSnapshot, id: string): UploadSnapshot | undefined {
  let index = indexes.get(snapshot);
  if (!index) {
    index = new Map(snapshot.uploads.map((upload) => [upload.id, upload]));
    indexes.set(snapshot, index);
  }
  return index.get(id);
}
